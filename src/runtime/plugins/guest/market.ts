import type { ServiceMarket } from '../../../protocol';
import { has } from '../../core/host';
import type { Send } from '../types';
import { CDN, isNativeComplete, nativeMarket, pluginState, pluginWx } from './environment';
import { flushQueue, forwardToHost } from './forward';

/**
 * 与平台的 `wx.serviceMarket` 相同，消耗宿主的资源；宿主连接之前的调用按顺序等待
 *
 * The service market as the platform has it, on the host's resources: by the plugin's own `wx.serviceMarket`, by the
 * one that the host exports to its plugins, or by the host that connected. Calls wait for the host, in order
 */
export const serviceMarket: ServiceMarket = isNativeComplete
  ? nativeMarket
  : {
      invokeService(options: any): any {
        const { async, consumeType } = options || ({} as any);
        // An incomplete native would drop these silently, and the wrong account would pay.
        return has(nativeMarket, 'invokeService') && !async && consumeType === undefined
          ? nativeMarket.invokeService(options)
          : forwardToHost('invokeService', options);
      },
      getAsyncResult: (options: any): any => forwardToHost('getAsyncResult', options),
      CDN,
    };

/**
 * 接受宿主的连接：由插件的 main 以此名称导出，宿主的运行时会调用它
 *
 * Accepts the host's connection. The plugin's main exports it under this name; the host's runtime calls it. The first
 * host stays: the plugins of an app can reach each other's exports, and none may take over another's calls.
 *
 * @param send - 宿主的函数 · the host's function
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
