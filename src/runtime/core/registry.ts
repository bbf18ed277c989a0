import { compareVersions, LIMITS } from '../../protocol';
import type { Configuration } from '../../protocol';
import { findHost, type Host, read, readOwn } from './host';
import type { Registry } from './types';

/** The key of the registry at the host, and of what was replaced at what was installed. */
export const KEY = 'miniprogram-servicemarket';

/** What a copy of the package contributes. */
interface Copy extends Pick<Registry, 'api' | 'channels'> {
  /** Of the injected file alone, which is there to install. */
  configuration?: Configuration;
}

let thisCopy: Copy;
let shared: Registry | undefined;
let isFirst = false;

/** Declares what this copy of the package can do. Touches no host: the copy joins the registry at its first use. */
export function registerCopy(copy: Copy): void {
  thisCopy = copy;
}

/**
 * Publishes this copy at the host, so that other copies find it; it joins when the first of them asks.
 *
 * @returns false if another copy was first, or the host is frozen
 */
export function publish(host: Host | undefined): boolean {
  try {
    Object.defineProperty(host, KEY, { get: registry });
    isFirst = true;
  } catch {
    // What is there stays.
  }
  return isFirst;
}

/** Changes the app's configuration; keys that are absent stay. */
export function mergeConfiguration(app: Registry, changes: Configuration): void {
  const limits = Object.assign({}, app.configuration.limits, changes.limits);
  app.limits = Object.assign({}, app.limits, limits);
  app.configuration = Object.assign({}, app.configuration, changes, { limits });
}

/**
 * Adds this copy to the app's registry, or makes it: the newest version does the work, and each channel comes
 * from the newest copy that has it.
 */
function joinRegistry(): Registry {
  const host = findHost();
  publish(host);
  const app: Registry = (!isFirst && readOwn(host, KEY)) || {
    version: '',
    host,
    nativeMarket: read(host, 'serviceMarket'),
    configuration: {},
    limits: LIMITS,
    refusals: {},
    transfers: { active: 0, queue: [] },
    sessions: [],
  };
  const { api, channels, configuration } = thisCopy;
  const isNewer = compareVersions(__VERSION__, app.version) > 0;
  if (isNewer) Object.assign(app, { version: __VERSION__, api });
  app.channels = Object.assign({}, channels, app.channels, isNewer ? channels : undefined);
  if (configuration) {
    app.isInjected = true;
    // What a page has already set wins: the file of a subpackage loads late.
    const setByPages = app.configuration;
    mergeConfiguration(app, configuration);
    mergeConfiguration(app, setByPages);
  }
  return app;
}

/**
 * The app's registry, with this copy in it. Asked for where a call comes in (api.ts, task.ts, a marker's
 * constructor, the plugins' connection) and nowhere below: a call carries what it needs as `call.app`.
 */
export function registry(): Registry {
  return (shared = shared || joinRegistry());
}
