import type { ServiceMarket } from '../../../protocol';
import { has } from '../../core/host';
import type { Send } from '../types';
import { CDN, isNativeComplete, nativeMarket, pluginState, pluginWx } from './environment';
import { flushQueue, forwardToHost } from './forward';

/**
 * The service market as the platform has it, on the host's resources: by the plugin's own `wx.serviceMarket`, by the
 * one that the host exports to its plugins, or by the host that connected. Calls wait for the host, in order.
 */
export const serviceMarket: ServiceMarket = isNativeComplete
  ? nativeMarket
  : {
      invokeService(options) {
        const { async, consumeType } = options || ({} as any);
        // An incomplete native would drop these silently, and the wrong account would pay.
        return has(nativeMarket, 'invokeService') && !async && consumeType === undefined
          ? nativeMarket.invokeService(options)
          : forwardToHost('invokeService', options);
      },
      getAsyncResult: (options) => forwardToHost('getAsyncResult', options),
      CDN,
    };

/**
 * Accepts the host's connection. The plugin's main exports it under this name; the host's runtime calls it. The first
 * host stays: the plugins of an app can reach each other's exports, and none may take over another's calls.
 *
 * @param send - the host's function
 */
export function connectServiceMarket(send: Send): void {
  pluginState.send = pluginState.send || send;
  flushQueue();
}

/** Adds to the plugin's own `wx` what its `serviceMarket` lacks. */
export function install(): void {
  if (!isNativeComplete) {
    const value = Object.assign({}, nativeMarket, serviceMarket);
    Object.defineProperty(pluginWx, 'serviceMarket', {
      configurable: true,
      enumerable: true,
      writable: true,
      value,
    });
  }
}
