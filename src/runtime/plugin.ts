/**
 * The package as a plugin imports it (`miniprogram-servicemarket/plugin`; docs/plugins.md). It calls on the host's
 * resources and has no other way: never on the plugin's own.
 */
import { setConnectTimeout } from './plugins/guest/forward';

/**
 * Changes how the plugin waits for its host.
 *
 * @param options - `connectTimeout`: ms that a call waits for the host before it fails, 10 000 by default
 */
export function configure({ connectTimeout }: { connectTimeout: number }): void {
  setConnectTimeout(connectTimeout);
}

export { connectServiceMarket, serviceMarket } from './plugins/guest/market';
export type { Send } from './plugins/types';
