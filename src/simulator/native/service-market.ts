import type { Env } from '../host/env';
import { INVOKE_API } from '../market/types';
import { toRealmFunction } from '../realm/realm';
import type { Any } from '../types';
import type { Authority } from './bridge';
import type { Brand } from './markers';
import { invokeServiceV2_11 } from './v2-11';
import { getAsyncResultV2_30, invokeServiceV2_30 } from './v2-30';

/** The host's own markers: one class per app, shared with its plugins (protocol 1 and 12.8). */
export interface NativeMarkers {
  brand: Brand;
  CDN: Any;
}

const CDN_FUNCTION = `(function (brand) {
  return function CDN(options) {
    if (!(this instanceof CDN)) return undefined;
    this.symbol = brand;
    this.options = options;
  };
})`;

const CDN_CLASS = `(function (brand) {
  return class CDN {
    constructor(options) {
      this.symbol = brand;
      this.options = options;
    }
  };
})`;

export function createMarkers(env: Env): NativeMarkers {
  const brand = Symbol('CDN');
  const form = env.profile.generation === 'new' ? CDN_CLASS : CDN_FUNCTION;
  return { brand, CDN: env.realm.script(form, 'service-market')(brand) as unknown };
}

/** The members of the host's own `wx.serviceMarket`, as functions of the realm. */
export function nativeMembers(
  env: Env,
  markers: NativeMarkers,
  authority: Authority,
): Record<string, unknown> {
  const { brand, CDN } = markers;
  const member = (name: string, host: (options: Any) => unknown): unknown =>
    toRealmFunction(env.realm, name, host);
  if (env.profile.serviceMarket === 'v2_30') {
    return {
      invokeService: member('invokeService', invokeServiceV2_30(env, brand, authority)),
      getAsyncResult: member('getAsyncResult', getAsyncResultV2_30(env, authority)),
      CDN,
    };
  }
  const asText = env.profile.serviceMarket === 'v2_9';
  return { invokeService: member('invokeService', invokeServiceV2_11(env, brand, authority, asText)), CDN };
}

/** Puts the host's own serviceMarket on `wx`, in the way of its base library (protocol 1). */
export function defineServiceMarket(env: Env, wx: Any, members: Record<string, unknown>): void {
  if (env.profile.serviceMarket === 'v2_30') {
    const lazy = env.realm.script(
      '(function (members) { return new Proxy({}, { get: function (own, name) { return name in own ? own[name] : members[name]; } }); })',
      'service-market',
    ) as (members: unknown) => unknown;
    wx.serviceMarket = lazy(members);
    return;
  }
  const market = Object.assign(new env.realm.intrinsics.Object(), members);
  const get = env.realm.script('(function (market) { return function () { return market; }; })') as (
    value: unknown,
  ) => () => unknown;
  Object.defineProperty(wx, 'serviceMarket', { get: get(market), enumerable: true, configurable: true });
}

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
        apiName: '${INVOKE_API}',
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
