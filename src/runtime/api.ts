import type {
  AsyncResult,
  Callbacks,
  Configuration,
  GetAsyncResultOptions,
  Installation,
  InvokeServiceOptions,
  InvokeServiceResult,
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
 * Calls a service of the market, on every host as the newest base library does
 * (`wx.serviceMarket.invokeService`, protocol 2 to 7).
 *
 * @param options - `service`, `api`, `data`; see `InvokeServiceOptions`
 * @returns always a promise, with `abort()` and `onProgressUpdate(listener)`; callbacks are served besides.
 *   It rejects with a `ServiceMarketError` and never throws
 */
export function invokeService(options: InvokeServiceOptions): Task<InvokeServiceResult> {
  return registry().api.invokeService(options);
}

/**
 * Asks once for the result of a long task (`wx.serviceMarket.getAsyncResult`, protocol 8). Costs nothing.
 *
 * @returns `{status: 1}` while pending, `{status: 0, data}` when done, `providerErrMsg` when the provider failed
 */
export function getAsyncResult(options: GetAsyncResultOptions): Task<AsyncResult> {
  return registry().api.getAsyncResult(options);
}

/** The platform's rule: a promise only where no callback is passed (protocol 3). */
function asMember<R>(options: Callbacks<R>, task: Task<R>): Task<R> | undefined {
  return wantsCallbacks(options) ? undefined : task;
}

/** The members as `wx.serviceMarket` has them. */
export const serviceMarket: ServiceMarket = {
  invokeService: (options) => asMember(options, invokeService(options)),
  getAsyncResult: (options) => asMember(options, getAsyncResult(options)),
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
 * Adds to the host's `serviceMarket` what it lacks; a complete one is not touched. The injected file does it
 * on load. Safe to call again.
 *
 * @param host - the host's global, where it is none of `wx`, `qq`, `uni`, `Taro`
 * @returns what became of each member, and how to undo it
 */
export function install(host?: Host): Installation {
  const app = registry();
  if (host && host !== app.host) Object.assign(app, { host, installation: undefined, refusals: {} });
  return installMembers(app, serviceMarket);
}

export { CDN };
