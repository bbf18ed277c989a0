/**
 * The package as a page imports it. Importing it does nothing to the host: `install()` does.
 * What copies of the package use among themselves (`implementation` of api.ts) is not exported.
 */
import type { AsyncResult, Configuration, Task, WaitForResultOptions } from '../protocol';
import { applyConfiguration, getAsyncResult, implementation } from './api';
import { bridge } from './channels/bridge';
import { cloud } from './channels/cloud';
import { relay } from './channels/relay';
import { checkConfiguration } from './core/configuration';
import type { PluginConfiguration } from './plugins/types';
import { registerCopy } from './core/registry';
import { waitByPolling } from './calls/wait-for-result';

registerCopy({ api: implementation, channels: { bridge, relay, cloud } });

/**
 * Sets the configuration of the whole app, also of the injected file; keys that are absent stay.
 *
 * @param configuration - see `Configuration` and `PluginConfiguration`
 * @throws Error that names a wrong key or value, and what is allowed
 */
export function configure(configuration: Configuration & PluginConfiguration): void {
  checkConfiguration(configuration);
  applyConfiguration(configuration);
}

/**
 * Polls until a long task is done: backs off with jitter, polls at once when the app comes back from the
 * background, goes on after failed transfers.
 *
 * @param options - `requestId`; `interval` and `timeout` in ms; `onPoll`
 * @returns the result; rejects with 103 when the provider failed, 104 at the deadline, -2 after `abort()`
 */
export function waitForResult(options: WaitForResultOptions): Task<AsyncResult> {
  return waitByPolling(options, getAsyncResult);
}

export { CDN, getAsyncResult, install, invokeService, serviceMarket } from './api';
export { connectPlugin } from './plugins/host/connect-plugin';
export type * from '../protocol/types';
export type * from './plugins/types';
