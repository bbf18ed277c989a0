import { compareVersions } from '../../protocol';

/**
 * The host, found once. Nothing else in the runtime names a global of the host.
 * The object is kept, not its methods, so that a wrapper another tool puts around `wx.request` later applies.
 */

/** A `wx`-like global: hundreds of members that differ by host and version, so each use is probed. */
export type Host = Record<string, any>;

declare const wx: Host;
declare const qq: Host;
declare const uni: Host;
declare const Taro: Host;

/** Reads a property that may be a getter that throws or is denied; returns `undefined` then. */
export function read(object: any, key: string): any {
  try {
    // Testing for undefined is about 100 times cheaper than catching the TypeError.
    return object && object[key];
  } catch {
    return undefined;
  }
}

const { hasOwnProperty } = Object.prototype;

/** Reads an own property: a plugin shares the realm, and may put one of any name on every prototype. */
export function readOwn(object: any, key: string): any {
  return hasOwnProperty.call(Object(object), key) ? object[key] : undefined;
}

/** Whether `host[name]` can be called. `canIUse` and `in` do not tell (protocol 1). */
export function has(host: Host | undefined, name: string): boolean {
  return typeof read(host, name) === 'function';
}

/** Says that the host has no such API; '' where it has. */
export function missingApi(host: Host | undefined, api: string): string {
  return has(host, api) ? '' : 'no wx.' + api + ' on this host';
}

/** The JSSDK of H5 pages is a `wx` too; only a mini-program host has getSystemInfoSync. */
function asHost(candidate: Host | false): Host | undefined {
  return candidate && has(candidate, 'getSystemInfoSync') ? candidate : undefined;
}

/** The host's global object, or `undefined` outside a mini-program. */
export function findHost(): Host | undefined {
  const host = asHost(typeof wx !== 'undefined' && wx);
  if (!__OTHER_HOSTS__) return host;
  return (
    host ||
    asHost(typeof qq !== 'undefined' && qq) ||
    asHost(typeof uni !== 'undefined' && uni) ||
    asHost(typeof Taro !== 'undefined' && Taro)
  );
}

/**
 * The host, if it has a whole market of its own. It calls nothing else in the runtime: this is all that an app on such
 * a host runs at each start.
 */
export function findCompleteHost(): Host | undefined {
  try {
    const { getAsyncResult, CDN } = wx.serviceMarket;
    return typeof getAsyncResult === 'function' && typeof CDN === 'function' ? wx : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the host's base library is older than `version`. A native call, so made only where it matters. */
export function isBelow(host: Host | undefined, version: string): boolean {
  try {
    return compareVersions(host!.getSystemInfoSync().SDKVersion, version) < 0;
  } catch {
    return false;
  }
}
