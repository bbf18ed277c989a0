/** A page on each channel, and a plugin, in the time of a simulated host. */
import fs from 'node:fs';
import path from 'node:path';
import { createDatabase as createSdkDatabase } from '../../src/functions/cloud-function/cloud-sdk';
import { Calls } from '../../src/functions/shared/calls';
import { DatabaseCounters } from '../../src/functions/shared/database-counters';
import { DatabaseOutcomes } from '../../src/functions/shared/database-outcomes';
import { replyOf } from '../../src/functions/shared/reply-of';
import { createDatabase as createUniDatabase } from '../../src/functions/unicloud/unicloud';
import { Invoker, Limiter, prepareInvocation, RelayError, retrieveResult } from '../../src/invocation';
import type { RelayInvokeRequest, RelayReply } from '../../src/protocol';
import type { Host, HostOptions, HttpResponse } from '../../src/simulator';
import { FakeSdkDatabase, FakeUniDatabase } from './fakes/cloud-database';
import { FakeRelay, RELAY } from './fakes/relay';
import { ROOT, temporaryFolder } from './files';
import { FILES, openHost, openPage, SERVICE, type PageHost, type Seen } from './hosts';
import type { Any } from './outcomes';
import { type FaultsBehind, MarketBehind } from './market-behind';

export interface World {
  host: Host;
  /** Starts a call as page code, or as a plugin's. */
  start(options: object): Seen;
  /** Makes a marker. */
  mark(content: unknown): Any;
  CDN: Any;
  /** Over all channels that the call may have taken. */
  countBills(): number;
  /** Runs code as whoever makes the call does. */
  run: Host['run'];
}

const SERVICES = { [SERVICE.service]: [SERVICE.api] };
const USER = 'ann';
const IMPORTED_BY_PLUGIN = path.join(ROOT, 'miniprogram_dist/plugin.js');
const HOST_FILE = path.join(ROOT, 'dist/compat/bridge+plugins.min.js');
const NO_LIMITS = {
  sessionsPerHour: 1e6,
  filesPerHour: 1e6,
  bytesPerHour: 1e12,
  callsPerHour: 1e6,
  pollsPerHour: 1e6,
};

/** What both functions are set up with. */
const FUNCTION = { settings: { services: SERVICES, ...NO_LIMITS }, log: () => {} };

function worldOf(host: PageHost): World {
  return {
    host,
    start: (options) => host.start(options),
    mark: (content) => host.mark(content),
    CDN: host.api.CDN,
    run: (source, args) => host.run(source, args),
    countBills: () => host.market.bills.length,
  };
}

/** Its market speaks to servers as today's does. */
const onServer = (options: HostOptions): HostOptions => ({
  ...options,
  wireVersion: 2,
  bridge: 'absent',
  upload: 'absent',
});

/** From now on a relay's calls go where `invoke` and `retrieve` say. */
function routeCalls(
  relay: FakeRelay,
  invoke: (request: Any) => Promise<RelayReply>,
  retrieve: (request: Any) => Promise<RelayReply>,
): void {
  const answer = async (work: Promise<RelayReply>): Promise<HttpResponse> => {
    try {
      return { body: await work };
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      return { status: error.statusCode, body: replyOf(error) };
    }
  };
  relay.routes['/invoke'] = (request) => answer(invoke(request));
  relay.routes['/retrieve'] = (request) => answer(retrieve(request));
}

function failAt(database: FakeSdkDatabase | FakeUniDatabase, numbers: number[] = []): void {
  let requests = 0;
  database.reach = () => {
    if (numbers.includes(requests++)) throw new Error('the database cannot be reached');
  };
}

const pageWithRelay = (options: HostOptions, relay: FakeRelay): PageHost =>
  openPage({ ...onServer(options), network: relay.network }, { channels: ['relay'], relay: { url: RELAY } });

/** As on the platform, a call with callbacks returns no promise: what they are called with counts for both. */
const PLUGIN_CALL = `
  var seen = { told: [], task: {} }, began = Date.now();
  seen.over = new Promise(function (resolve) {
    api.invokeService(Object.assign({}, service, options, {
      success: function (result) { seen.told.push('success', 'resolved'); seen.result = result; },
      fail: function (error) { seen.told.push('fail', 'rejected'); seen.error = error; },
      complete: function () { seen.told.push('complete'); seen.took = Date.now() - began; resolve(); }
    }));
  });
  return seen;
`;

/** A host on whose resources the plugin `ocr` calls. */
function openPluginHost(options: HostOptions): Host {
  const root = temporaryFolder({
    'plugin.json': '{"main": "index.js"}',
    'index.js':
      "exports.connectServiceMarket = require('miniprogram-servicemarket/plugin').connectServiceMarket;",
    'miniprogram_npm/miniprogram-servicemarket/plugin.js': fs.readFileSync(IMPORTED_BY_PLUGIN, 'utf8'),
  });
  const plugins = [{ appid: 'wxocr', name: 'ocr', root }];
  const host = openHost({ sdkVersion: '2.8.3', upload: 'allowed', files: FILES, ...options, plugins });
  const api: Any = host.load(HOST_FILE);
  host.run("api.connectPlugin({ name: 'ocr', plugin: requirePlugin('ocr') })", { api });
  return host;
}

/** Opens a page, or a plugin, that calls over one channel; what is behind it is the package's own, up to the market. */
export const WORLDS: Record<string, (options: HostOptions, faults?: FaultsBehind) => World> = {
  bridge(options) {
    // Carries what the bridge is denied.
    const relay = new FakeRelay();
    const host = openPage({ ...options, network: relay.network }, { relay: { url: RELAY } });
    return { ...worldOf(host), countBills: () => host.market.bills.length + relay.outcomes.size };
  },

  relay(options, faults = {}) {
    const fake = new FakeSdkDatabase(['calls', 'limits']);
    const database = createSdkDatabase({ database: () => fake.api } as never);
    failAt(fake, faults.failingStoreRequests);
    const outcomes = new DatabaseOutcomes(database);
    const limiter = new Limiter(new DatabaseCounters(database), NO_LIMITS);
    const relay = new FakeRelay();
    const host = pageWithRelay(options, relay);
    // Its process lives on.
    const market = new MarketBehind(host, faults);
    const invoker = new Invoker({ market, outcomes, limiter, onError: () => {} });
    routeCalls(
      relay,
      (request: RelayInvokeRequest) =>
        invoker.invoke(prepareInvocation(USER, request, { services: SERVICES, notListed: 'not listed' })),
      ({ request_id: id }) => retrieveResult(USER, id, { limiter, outcomes, market }),
    );
    return worldOf(host);
  },

  cloud(options, faults = {}) {
    const cloud = { env: 'env-1', function: 'servicemarket' };
    const host = openPage(onServer(options), { channels: ['cloud'], cloud });
    const fake = new FakeSdkDatabase(['calls', 'limits']);
    failAt(fake, faults.failingStoreRequests);
    const functions = new MarketBehind(host, faults);
    const database = createSdkDatabase({ database: () => fake.api } as never);
    const deleteFile = async (id: string): Promise<void> => void host.cloud.remove(id);
    host.cloud.define(cloud.function, (event: Any, { OPENID }) =>
      functions
        .run((market) => {
          const calls = new Calls({ database, market, deleteFile, ...FUNCTION });
          return event.action === 'retrieve'
            ? calls.retrieve(OPENID, event)
            : calls.invoke(OPENID, event, {});
        })
        .catch((error: unknown) => {
          if (!(error instanceof RelayError)) throw error;
          return replyOf(error);
        }),
    );
    return worldOf(host);
  },

  uniCloud(options, faults = {}) {
    const fake = new FakeUniDatabase(['calls', 'limits']);
    failAt(fake, faults.failingStoreRequests);
    const relay = new FakeRelay();
    const host = pageWithRelay(options, relay);
    const functions = new MarketBehind(host, faults);
    const database = createUniDatabase({ database: () => fake.api } as never);
    const run = (work: (calls: Calls) => Promise<RelayReply>): Promise<RelayReply> =>
      functions.run((market) => work(new Calls({ database, market, ...FUNCTION })));
    routeCalls(
      relay,
      (request) => run((calls) => calls.invoke(USER, request, {})),
      (request) => run((calls) => calls.retrieve(USER, request)),
    );
    return worldOf(host);
  },

  plugin(options) {
    const host = openPluginHost(options);
    const { run } = host.plugin('ocr');
    const api: Any = run("return require('miniprogram-servicemarket/plugin').serviceMarket");
    return {
      host,
      countBills: () => host.market.bills.length,
      start: (call) => run(PLUGIN_CALL, { api, service: SERVICE, options: call }),
      mark: (content) => run('return new api.CDN(content)', { api, content }),
      CDN: api.CDN,
      run,
    };
  },
};
