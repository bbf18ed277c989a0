/*
 * Adds `wx.serviceMarket` to the types of pages and games, whichever typings package declares `wx`:
 * miniprogram-api-typings, @types/wechat-miniprogram or minigame-api-typings.
 *
 * Use: `"types": ["miniprogram-servicemarket/typings"]` in tsconfig.json, or
 * `/// <reference types="miniprogram-servicemarket/typings" />`.
 */
import type { ServiceMarket } from './service-market';

export * from './service-market';

declare global {
  namespace WechatMiniprogram {
    interface Wx {
      /** Services of the service market; on every base library with the compatibility code of this package. */
      serviceMarket: ServiceMarket;
    }
  }
  namespace WechatMinigame {
    interface Wx {
      /** Services of the service market; on every base library with the compatibility code of this package. */
      serviceMarket: ServiceMarket;
    }
  }
}
