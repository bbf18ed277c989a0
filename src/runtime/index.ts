/**
 * The package as a page imports it. Importing it does nothing to the host: `install()` does.
 * What copies of the package use among themselves (`implementation` of api.ts) is not exported.
 */
import type { Configuration, FinishedResult, Task, WaitForResultOptions } from '../protocol';
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
 * 设置整个小程序（包括注入的文件）的配置；未给出的项不变
 *
 * Sets the configuration of the whole app, also of the injected file; keys that are absent stay
 *
 * @param configuration - 见 `Configuration` 和 `PluginConfiguration` · see `Configuration` and `PluginConfiguration`
 * @throws 说明哪一项有误、可以是什么的 Error · Error that names a wrong key or value, and what is allowed
 */
export function configure(configuration: Configuration & PluginConfiguration): void {
  checkConfiguration(configuration);
  applyConfiguration(configuration);
}

/**
 * 轮询直到长任务完成：间隔逐渐加长，回到前台时立即询问，传输失败后继续；轮询不计费
 *
 * Polls until a long task is done: backs off with jitter, polls at once when the app comes back from the
 * background, goes on after failed transfers. Asking costs nothing
 *
 * @param options - `requestId`；`interval`、`timeout`（毫秒）；`onPoll` · `interval` and `timeout` in ms
 * @returns 结果；服务提供商出错为 103，超时为 104，`abort()` 后为 -2 · the result; rejects with 103 when the provider failed,
 *   104 at the deadline, -2 after `abort()`
 */
export function waitForResult<R = any>(options: WaitForResultOptions<R>): Task<FinishedResult<R>> {
  return waitByPolling(options, getAsyncResult) as Task<FinishedResult<R>>;
}

export { CDN, getAsyncResult, install, invokeService, serviceMarket } from './api';
export { connectPlugin } from './plugins/host/connect-plugin';
export { ErrorCode, isServiceMarketError } from '../protocol/error-code';
export type * from '../protocol/data';
export type * from '../protocol/service-market';
export type * from '../protocol/service-market-error';
export type * from '../protocol/services';
export type * from '../protocol/types';
export type * from '../protocol/well-known-services';
export type * from './plugins/types';
