/** Simulated hosts, closed after the test: a bare one, one with the injected file, one whose page imports the package. */
import { createHost } from '../../src/simulator';
import type { Any, Host, HostOptions } from '../../src/simulator';
import { BUNDLE, IMPORTED } from './built';
import { cleanUpAfterTest } from './cleanup';
import { plain } from './outcomes';

export const SERVICE = { service: 'wxSVC', api: 'API' };
/** How a platform may bill: repeats of an id are free, or cost like the first. */
export const BILLINGS = ['perId', 'perMessage'] as const;
export const PLATFORMS = ['android', 'ios'] as const;
/** Photos on the phone. */
export const FILES = { 'wxfile://tmp_a.png': 'PNG-A', 'wxfile://tmp_b.png': 'PNG-B' };

/** A host as `createHost` makes it. */
export function openHost(options: HostOptions = {}): Host {
  const host = createHost(options);
  cleanUpAfterTest(() => host.close());
  return host;
}

/** A host without `wx.serviceMarket` that allows its bridge to pages, with the injected file loaded. */
export function openInjectedHost(options: HostOptions = {}, bundle = BUNDLE): Host & { exports: Any } {
  const host = openHost({ sdkVersion: '2.8.3', upload: 'allowed', files: FILES, ...options });
  return Object.assign(host, { exports: host.load(bundle) });
}

/** One call as page code saw it. */
export interface Seen {
  /** Every way in which its end was told, in order: `resolved` or `rejected`, and the callbacks. */
  told: string[];
  result?: Any;
  error?: Any;
  /** Host time from the call to its end, ms. */
  took: number;
  /** Resolves when `complete` is called. */
  over: PromiseLike<void>;
  task: Any;
}

export interface PageHost extends Host {
  /** What the page imports. */
  api: Any;
  /** Makes a marker of that import. */
  mark(content?: unknown): Any;
  /** Starts `invokeService` (or another function of the import). */
  start(options?: object, name?: string): Seen;
  /** Starts it, lets all time pass, and returns how it ended; fails unless it ended exactly once. */
  outcome(options?: object, name?: string): Promise<Seen>;
}

/** Page code that calls `api[name](options)`: the promise and each callback are counted, so that a call which ends twice is seen. */
const CALL = `
  var seen = { told: [] }, began = Date.now();
  function teller(name, key) {
    return function (value) {
      seen.told.push(name);
      if (key) { seen[key] = value; seen.took = Date.now() - began; }
    };
  }
  var callbacks = { success: teller('success'), fail: teller('fail') };
  seen.over = new Promise(function (resolve) {
    callbacks.complete = function () { seen.told.push('complete'); resolve(); };
  });
  seen.task = api[name](Object.assign({}, service, options, callbacks));
  seen.task.then(teller('resolved', 'result'), teller('rejected', 'error'));
  return seen;
`;

/**
 * A host with a page that imports the package, without `wx.serviceMarket` unless `options` say another version.
 *
 * @param config - for `configure`
 */
export function openPage(options: HostOptions = {}, config?: object): PageHost {
  const host = openHost({ upload: 'allowed', files: FILES, ...options });
  const api: Any = host.load(IMPORTED);
  if (config) host.run('api.configure(config)', { api, config });
  const start = (call: object = {}, name = 'invokeService'): Seen =>
    host.run(CALL, { api, name, service: SERVICE, options: call });
  return Object.assign(host, {
    api,
    mark: (content?: unknown) => host.run('return new api.CDN(content)', { api, content }),
    start,
    async outcome(call: object = {}, name?: string) {
      const seen = start(call, name);
      await passAll(host, seen);
      expectOver(host, seen);
      return seen;
    },
  });
}

/** Lets all time pass, and checks that a call leaves no timer when it ends: whatever still runs then is the host's. */
export async function passAll({ clock }: Host, { over }: Seen): Promise<void> {
  await clock.until(over);
  expect(clock.pending().filter(({ user }) => user)).toEqual([]);
  await clock.run();
}

/** Checks that a call ended exactly once, and that nothing of it is left. */
export function expectOver(host: Host, { told }: Seen): void {
  const ended = told.slice().sort().join();
  expect(ended).toBe(told.includes('success') ? 'complete,resolved,success' : 'complete,fail,rejected');
  expectAtRest(host);
}

/** Checks that nothing of the calls is left: timers of page code, transfers, temporary files, errors that nobody handled. */
export function expectAtRest(host: Host): void {
  expect({
    timers: host.clock.pending().filter(({ user }) => user),
    transfers: host.transfers.inFlight,
    files: host.tempFiles(),
    unhandled: host.unhandled,
    errors: host.errors,
  }).toEqual({ timers: [], transfers: 0, files: [], unhandled: [], errors: [] });
}

/** The messages of the bridge, as reqData. */
export function messagesOf(host: Host): Any[] {
  return host.nativeCalls
    .filter(({ api }) => api === 'operateWXData')
    .map(({ params }) => plain(params.data.data));
}

/** The native calls of one api. */
export function callsOf(host: Host, api: string): Host['nativeCalls'] {
  return host.nativeCalls.filter((call) => call.api === api);
}
