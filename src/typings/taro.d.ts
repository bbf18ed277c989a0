/*
 * Taro's `defineAppConfig` accepts the key that switches the compatibility code on, and `wx.serviceMarket` is typed.
 *
 * Use: `/// <reference types="miniprogram-servicemarket/typings/taro" />` in types/global.d.ts. It is a file of its
 * own, because the compiler refuses to add to a module that is not installed.
 */
import './typings';

declare module '@tarojs/taro' {
  interface AppConfig {
    /**
     * 在低版本基础库上也可使用 `wx.serviceMarket`
     *
     * Puts the compatibility code for `wx.serviceMarket` into the app
     *
     * @see https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html
     */
    servicemarket?: boolean;
  }
}
