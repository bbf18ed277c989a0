import type { Env } from '../env';
import type { Any } from '../types';

/**
 * What another tool may have put on `wx` below 2.9.4: a small invokeService over `wx.operateWXData`, and a
 * CDN with a brand that nobody else knows. No uploads: such tools upload nothing on hosts without the API.
 */
const SOURCE = `(function (wx) {
  var brand = { foreign: true };
  function CDN(options) {
    this.symbol = brand;
    this.options = options;
  }
  function invokeService(options) {
    return new Promise(function (resolve, reject) {
      wx.operateWXData({
        apiName: 'webapi_servicemarket_jsapi_comm',
        reqData: {
          service_id: options.service,
          api_name: options.api,
          data: JSON.stringify(options.data),
          client_msg_id: 'foreign_' + Math.random()
        },
        success: function (result) {
          resolve({ errMsg: 'invokeService:ok', data: JSON.parse(result.rawData) });
        },
        fail: reject
      });
    });
  }
  return { invokeService: invokeService, CDN: CDN };
})`;

export function polyfilledServiceMarket(env: Env, wx: Any): Any {
  return (env.realm.script(SOURCE, 'foreign-polyfill') as (wx: Any) => Any)(wx);
}
