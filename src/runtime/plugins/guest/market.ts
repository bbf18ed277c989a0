import type { ServiceMarket } from '../../../protocol';
import { has } from '../../core/host';
import type { Send } from '../types';
import { ask, release } from './forward';
import { CDN } from './marker';
import { isComplete, native, own, shared } from './environment';

/**
 * The service market as the platform has it, on the host's resources: by the plugin's own `wx.serviceMarket`, by the
 * one that the host exports to its plugins, or by the host that connected. Calls wait for the host, in order.
 */
export const serviceMarket: ServiceMarket = isComplete
  ? native
  : {
      invokeService(options) {
        const { async, consumeType } = options || ({} as any);
        // An incomplete native would drop these silently, and the wrong account would pay.
        return has(native, 'invokeService') && !async && consumeType === undefined
          ? native.invokeService(options)
          : ask('invokeService', options);
      },
      getAsyncResult: (options) => ask('getAsyncResult', options),
      CDN,
    };

/**
 * Takes the host's connection. The plugin's main exports it under this name; the host's runtime calls it. The first
 * host stays: the plugins of an app can reach each other's exports, and none shall take another's calls over.
 *
 * @param send - the host's function
 */
export function connectServiceMarket(send: Send): void {
  shared.send = shared.send || send;
  release();
}

/** Gives the plugin's own `wx` what its `serviceMarket` lacks. */
export function install(): void {
  if (!isComplete) {
    const value = Object.assign({}, native, serviceMarket);
    Object.defineProperty(own, 'serviceMarket', {
      configurable: true,
      enumerable: true,
      writable: true,
      value,
    });
  }
}
