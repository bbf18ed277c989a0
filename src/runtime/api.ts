import type {
  AnswerOf,
  ApiName,
  AsyncResult,
  Callbacks,
  Configuration,
  DeclaredInvocation,
  GetAsyncResultOptions,
  Installation,
  InvocationResult,
  ServiceId,
  ServiceMarket,
  Task,
} from '../protocol';
import { retrieve } from './calls/get-async-result';
import { invoke } from './calls/invoke-service';
import { wantsCallbacks } from './core/callbacks';
import type { Host } from './core/host';
import { checkLimits } from './core/limits';
import { mergeConfiguration, registry } from './core/registry';
import type { Api } from './core/types';
import { installMembers } from './install/install';
import { CDN } from './payload/cdn';

/** What this copy of the package does for all; the newest copy in the app is asked (core/registry.ts). */
export const implementation: Api = { invokeService: invoke, getAsyncResult: retrieve };

/**
 * [invokeService(Object object)](https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html)
 *
 * 调用服务提供商提供的 API，在任何宿主上都与最新基础库的 `wx.serviceMarket.invokeService` 一致
 *
 * Calls a service of the market, on every host as the newest base library's `wx.serviceMarket.invokeService` does
 *
 * 最低基础库：`1.6.0` · Least base library: `1.6.0`
 *
 * @param options - `service`、`api`、`data` …
 * @returns 总是返回带有 `abort()` 和 `onProgressUpdate(listener)` 的 Promise，回调也会执行；失败时为 `ServiceMarketError`，不会抛出异常
 *   · always a promise, with `abort()` and `onProgressUpdate(listener)`; callbacks are served besides. It rejects with a
 *   `ServiceMarketError` and never throws
 * @example
 * const { data } = await invokeService({
 *   service: 'wx79ac3de8be320b71',
 *   api: 'OcrAllInOne',
 *   data: { img_url: new CDN({ type: 'filePath', filePath }), data_type: 3, ocr_type: 8 },
 * });
 */
export function invokeService<
  R = never,
  S extends ServiceId = ServiceId,
  A extends ApiName<S> = ApiName<S>,
  D = unknown,
  Async extends boolean = false,
>(
  options: DeclaredInvocation<S, A, D> & {
    /** 是否是异步长任务 · A long task: the result carries `requestId` for `waitForResult` */
    async?: Async;
  } & Callbacks<InvocationResult<Async, AnswerOf<R, S, A, D>>>,
): Task<InvocationResult<Async, AnswerOf<R, S, A, D>>> {
  return registry().api.invokeService(options as any) as any;
}

/**
 * [getAsyncResult(Object object)](https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html)
 *
 * 查询一次异步长任务的结果；不计费
 *
 * Asks once for the result of a long task; costs nothing
 *
 * 最低基础库：`1.6.0` · Least base library: `1.6.0`
 *
 * @returns 未完成 `{status: 1}`，已完成 `{status: 0, data}`，服务提供商出错时有 `providerErrMsg` · `{status: 1}` while
 *   pending, `{status: 0, data}` when done, `providerErrMsg` when the provider failed
 */
export function getAsyncResult<R = any>(options: GetAsyncResultOptions<R>): Task<AsyncResult<R>> {
  return registry().api.getAsyncResult(options);
}

/** The platform's rule: a promise only where no callback is passed (protocol 3). */
function asMember<R>(options: Callbacks<R>, task: Task<R>): Task<R> | undefined {
  return wantsCallbacks(options) ? undefined : task;
}

/**
 * 与平台的 `wx.serviceMarket` 相同的对象
 *
 * The members as `wx.serviceMarket` has them
 */
export const serviceMarket: ServiceMarket = {
  invokeService: (options: any): any => asMember(options, invokeService(options)),
  getAsyncResult: (options: any): any => asMember(options, getAsyncResult(options)),
  CDN,
};

/**
 * Sets the configuration of the whole app; see `configure` in index.ts, which checks all of it.
 *
 * @throws Error for a limit that would stop every call
 */
export function applyConfiguration(changes: Configuration): void {
  const app = registry();
  checkLimits(changes.limits);
  mergeConfiguration(app, changes);
  if (changes.prefer && (app.isInjected || app.installation)) {
    if (app.installation) app.installation.undo();
    install();
  }
}

/**
 * 补全宿主的 `serviceMarket`；已完整的不作改动。注入的文件在加载时即执行，可重复调用
 *
 * Adds to the host's `serviceMarket` what it lacks; a complete one is not touched. The injected file does it
 * on load. Safe to call again
 *
 * @param host - 宿主的全局对象，`wx`、`qq`、`uni`、`Taro` 之外才需要 · the host's global, where it is none of these
 * @returns 各成员的来源，以及撤销的方法 · what became of each member, and how to undo it
 */
export function install(host?: Host): Installation {
  const app = registry();
  if (host && host !== app.host) Object.assign(app, { host, installation: undefined, refusals: {} });
  return installMembers(app, serviceMarket);
}

export { CDN };
