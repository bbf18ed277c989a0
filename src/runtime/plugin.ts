/**
 * The package as a plugin imports it (`miniprogram-servicemarket/plugin`; docs/en/plugins.md). It calls on the host's
 * resources and has no other way: never on the plugin's own.
 */
import { setConnectTimeout } from './plugins/guest/forward';

/**
 * 设置插件等待宿主的时限
 *
 * Changes how the plugin waits for its host
 *
 * @param options - `connectTimeout`：调用等待宿主的毫秒数，默认 10 000 · ms that a call waits for the host before it fails
 */
export function configure({ connectTimeout }: { connectTimeout: number }): void {
  setConnectTimeout(connectTimeout);
}

export { connectServiceMarket, serviceMarket } from './plugins/guest/market';
export type * from '../protocol/data';
export type * from '../protocol/service-market';
export type * from '../protocol/service-market-error';
export type * from '../protocol/services';
export type * from '../protocol/well-known-services';
export type { Send } from './plugins/types';
