/** Page code that imports the package, on a simulated host; and what must hold whenever a call is over. */
import { createHost } from '../../src/simulator';
import type { Host, HostOptions } from '../../src/simulator';
import { type Any, FILES, IMPORTED } from './support';

export const SERVICE = { service: 'wxSVC', api: 'API' };
export const BILLINGS = ['perId', 'perMessage'] as const;
export const PLATFORMS = ['android', 'ios'] as const;

/** One call as page code saw it. */
export interface Seen {
  /** Every way in which its end was told, in order: `resolved` or `rejected`, and the callbacks. */
  told: string[];
  result?: Any;
  error?: Any;
  /** Host time from the call to its end, ms. */
  took: number;
  task: Any;
}

export interface PageHost extends Host {
  /** What the page imports. */
  api: Any;
  /** A marker of that import. */
  mark(content?: unknown): Any;
  /** Starts `invokeService` (or another function of the import). */
  start(options?: object, name?: string): Seen;
  /** Starts it, lets all time pass, and gives how it ended; fails where it did not end exactly once. */
  outcome(options?: object, name?: string): Promise<Seen>;
}

/** The end is told by the promise and by callbacks; each is counted, so none can be told twice. */
const CALL = `
  var seen = { told: [] }, began = Date.now();
  function teller(name, key) {
    return function (value) {
      seen.told.push(name);
      if (key) { seen[key] = value; seen.took = Date.now() - began; }
    };
  }
  var callbacks = { success: teller('success'), fail: teller('fail'), complete: teller('complete') };
  seen.task = api[name](Object.assign({}, options, callbacks));
  seen.task.then(teller('resolved', 'result'), teller('rejected', 'error'));
  return seen;
`;

/** A host without `wx.serviceMarket`, with a page that imports the package. The caller closes it. */
export function createPage(options: HostOptions = {}, config?: object): PageHost {
  const host = createHost({ upload: 'allowed', files: FILES, ...options });
  const api = host.load(IMPORTED);
  if (config) host.run('api.configure(config)', { api, config });
  const start = (given: object = {}, name = 'invokeService'): Seen =>
    host.run(CALL, { api, name, options: { ...SERVICE, ...given } });
  return Object.assign(host, {
    api,
    mark: (content?: unknown) => host.run('return new api.CDN(content)', { api, content }),
    start,
    async outcome(given: object = {}, name?: string) {
      const seen = start(given, name);
      await host.clock.run();
      expectOver(host, seen);
      return seen;
    },
  });
}

/** A maker of such hosts, which closes them after each test. */
export function pageMaker(defaults: HostOptions = {}): typeof createPage {
  const hosts: Host[] = [];
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.close();
  });
  return (options, config) => {
    const host = createPage({ ...defaults, ...options }, config);
    hosts.push(host);
    return host;
  };
}

/** The call ended exactly once, and nothing of it is left. */
export function expectOver(host: Host, { told }: Seen): void {
  const ended = told.slice().sort().join();
  expect(ended).toBe(told.includes('success') ? 'complete,resolved,success' : 'complete,fail,rejected');
  expectAtRest(host);
}

/** No timer of page code, no running transfer, no temporary file; no error that nobody took. */
export function expectAtRest(host: Host): void {
  expect({
    timers: host.clock.pending().filter(({ user }) => user),
    transfers: host.transfers.inFlight,
    files: host.tempFiles(),
    unhandled: host.unhandled,
    errors: host.errors,
  }).toEqual({ timers: [], transfers: 0, files: [], unhandled: [], errors: [] });
}

/** What every error of the package carries, and whether it is an Error of the page's own realm. */
export function expectWellFormed(host: Host, error: Any): void {
  expect({ error, isError: host.run('return error instanceof Error', { error }) }).toMatchObject({
    isError: true,
  });
  expect(error).toMatchObject({
    message: error.errMsg,
    errCode: expect.any(Number),
    billing: expect.stringMatching(/^(none|unknown)$/),
    callId: expect.stringMatching(/./),
    clientMsgId: expect.stringMatching(/./),
  });
}
