import type {
  AsyncResult,
  CDNConstructor,
  CDNContent,
  CDNMarker,
  Configuration,
  GetAsyncResultOptions,
  Installation,
  InvokeServiceOptions,
  InvokeServiceResult,
  ServiceMarket,
  Task,
} from '../protocol';
import { CDN as Marker } from './cdn';
import { app } from './copy';
import { isNative } from './decide';
import { native } from './detect';
import { retrieve } from './get-async-result';
import { has, type Host } from './host';
import { installMembers } from './install';
import { invoke } from './invoke-service';
import { wantsCallbacks } from './settle';

/** What one copy of the package does for all; the newest copy in the app is asked (copy.ts). */
export interface Api {
  invokeService(options: InvokeServiceOptions): Task<InvokeServiceResult>;
  getAsyncResult(options: GetAsyncResultOptions): Task<AsyncResult>;
}

export const implementation: Api = {
  invokeService: (options) => invoke(options, native()),
  getAsyncResult: (options) => retrieve(options, isNative(native(), true) ? native() : undefined),
};

/**
 * Calls a service of the market, on every host as the newest base library does
 * (`wx.serviceMarket.invokeService`, protocol 2 to 7).
 *
 * @param options - `service`, `api`, `data`; see `InvokeServiceOptions`
 * @returns always a promise, with `abort()` and `onProgressUpdate(listener)`; callbacks are served besides.
 *   It rejects with a `ServiceMarketError` and never throws
 */
export function invokeService(options: InvokeServiceOptions): Task<InvokeServiceResult> {
  return app().api!.invokeService(options);
}

/**
 * Asks once for the result of a long task (`wx.serviceMarket.getAsyncResult`, protocol 8). Costs nothing.
 *
 * @returns `{status: 1}` while pending, `{status: 0, data}` when done, `providerErrMsg` when the provider failed
 */
export function getAsyncResult(options: GetAsyncResultOptions): Task<AsyncResult> {
  return app().api!.getAsyncResult(options);
}

/** The platform's rule: a promise only where no callback is given (protocol 3). */
function asMember<O extends object, R>(call: (options: O) => Task<R>): (options: O) => Task<R> | undefined {
  return (options) => {
    const task = call(options);
    return wantsCallbacks(options) ? undefined : task;
  };
}

/**
 * Marks a field of the payload that must be a URL (protocol 4). Where the host's own code carries calls it
 * makes the host's markers, so that they serve in an untouched `wx.serviceMarket` too.
 *
 * @param content - a text, an ArrayBuffer, or `{type: 'filePath', filePath}`
 */
export const CDN = function (this: CDNMarker, content: CDNContent) {
  if (this instanceof CDN && app() && isNative(native(), false) && has(native().market, 'CDN')) {
    return new (native().market.CDN)(content);
  }
  return new Marker(content);
} as unknown as CDNConstructor;

/** The members as `wx.serviceMarket` has them. */
export const serviceMarket: ServiceMarket = {
  invokeService: asMember(invokeService),
  getAsyncResult: asMember(getAsyncResult),
  CDN: Marker,
};

/** Sets the configuration of the whole app; see `configure` in index.ts. */
export function applyConfiguration(changes: Configuration): void {
  const registered = app();
  registered.limits = Object.assign({}, registered.limits, changes.limits);
  registered.configuration = Object.assign({}, registered.configuration, changes);
  if (changes.prefer && registered.installation) {
    registered.installation.undo();
    install();
  }
}

/**
 * Gives the host's `serviceMarket` what it lacks; a complete one is not touched. The injected bundle does it
 * on load. Safe to call again.
 *
 * @param host - the host's global, where it is none of `wx`, `qq`, `uni`, `Taro`
 * @returns what became of each member, and how to undo it
 */
export function install(host?: Host): Installation {
  const registered = app();
  if (host && host !== registered.host)
    Object.assign(registered, { host, native: undefined, installation: undefined });
  return installMembers(serviceMarket);
}
