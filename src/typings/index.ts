/**
 * Adds `wx.serviceMarket` to the types of pages and games, whichever typings package declares `wx`:
 * miniprogram-api-typings, @types/wechat-miniprogram or minigame-api-typings.
 *
 * Use: `"types": ["miniprogram-servicemarket/typings"]` in tsconfig.json, or
 * `/// <reference types="miniprogram-servicemarket/typings" />`.
 */
import type { ServiceMarket } from '../protocol/service-market';

export type * from '../protocol/data';
export type * from '../protocol/service-market';
export type * from '../protocol/service-market-error';
export type * from '../protocol/services';
export type * from '../protocol/well-known-services';

/* eslint-disable @typescript-eslint/no-namespace -- as the typings packages declare it */
declare global {
  namespace WechatMiniprogram {
    interface Wx {
      /**
       * 微信服务市场；使用本包后，基础库 `1.6.0` 起可用
       *
       * Services of the service market; from base library `1.6.0` on with this package
       *
       * @see https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html
       */
      serviceMarket: ServiceMarket;
    }
  }
  namespace WechatMinigame {
    interface Wx {
      /**
       * 微信服务市场；使用本包后，基础库 `1.6.0` 起可用
       *
       * Services of the service market; from base library `1.6.0` on with this package
       *
       * @see https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html
       */
      serviceMarket: ServiceMarket;
    }
  }
}
