/** The conformance vectors (test/vectors) through every channel: the page's code, its outcome, what the service gets. */
import fs from 'node:fs';
import path from 'node:path';
import { createHost, ProviderError } from '../../src/simulator';
import type { Host, HostOptions, Provider } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { BUNDLE } from '../support/built';
import { FILES } from '../support/hosts';
import { type Any, outcomeOnHost } from '../support/outcomes';
import { openBackend } from './support/backend';
import { deploy } from './support/deployed-function';
import { deployUnicloud } from './support/deployed-unicloud';
import { CLOUD } from './support/fake-function';

const vectors: Any[] = JSON.parse(fs.readFileSync(path.join(__dirname, '../vectors/native.json'), 'utf8'));

/** A body that is no JSON: a relay and a function answer with an envelope, so it cannot come out of one. */
const BRIDGE_ONLY = ['body not JSON'];

/** Where design.md improves on the recorded behaviour, on every channel. */
const SNAPSHOT = 'CDN data mutated during upload';

/** The texts that differ by channel: the cause after the API's name. */
const TEXTS: Record<string, Record<string, string>> = {
  'CDN upload fails': {
    bridge: 'invokeService:fail uploadToCommonCDN:fail file not exist',
    relay: 'invokeService:fail uploadFile:fail file not exist',
    unicloud: 'invokeService:fail uploadFile:fail file not exist',
    cloud:
      'invokeService:fail cloud.uploadFile:fail uploadFile:fail file not exist; at cloud.uploadFile api; ',
  },
  'provider error': {
    bridge: 'invokeService:fail -8 svc down (requestId: undefined)',
    relay: 'invokeService:fail -8 svc down (requestId: undefined)',
    unicloud: 'invokeService:fail -8 svc down (requestId: undefined)',
    cloud: 'invokeService:fail -8 svc down (requestId: undefined)',
  },
};

function start(options: HostOptions, config: object): Host {
  const host = createHost({ sdkVersion: '2.8.3', files: FILES, ...options });
  cleanUpAfterTest(() => host.close());
  const api = host.load(BUNDLE);
  host.run('api.configure(config)', { api, config });
  return host;
}

const UPLOAD = {
  bridge: 'uploadToCommonCDN',
  relay: 'uploadFile',
  unicloud: 'uploadFile',
  cloud: 'uploadFile',
};
type Name = keyof typeof UPLOAD;

/** The pairs that the vectors call. */
const LISTED = { wxSVC: ['API', 'A', 'B'] };

interface Carrier {
  host: Host;
  market: Host['market'];
  /** Where a service gets the files from. @default as every service does */
  fetch?: (url: string) => Promise<Uint8Array>;
}

/** A phone that has this channel alone, and the market at its other end. */
const CARRIERS: Record<Name, (options: HostOptions) => Promise<Carrier>> = {
  async bridge(options) {
    const host = start({ upload: 'allowed', wireVersion: 0, ...options }, { channels: ['bridge'] });
    return { host, market: host.market };
  },
  async relay(options) {
    const { platform, url } = await openBackend({}, { services: LISTED });
    const login = (): string => platform.issueCode('ann');
    const config = { channels: ['relay'], relay: { url } };
    const host = start({ clock: 'real', bridge: 'absent', login, ...options }, config);
    return { host, market: platform.market };
  },
  /** The relay that is a uniCloud function. */
  async unicloud(options) {
    const { platform, cloud } = await deployUnicloud({ settings: { services: LISTED } });
    const login = (): string => platform.issueCode('ann');
    const config = { channels: ['relay'], relay: { url: cloud.url } };
    const host = start({ clock: 'real', bridge: 'absent', login, ...options }, config);
    return { host, market: platform.market };
  },
  async cloud(options) {
    const config = { channels: ['cloud'], cloud: CLOUD };
    const host = start({ clock: 'real', bridge: 'absent', ...options }, config);
    const platform = await deploy(host, LISTED);
    // The links of the simulated cloud have no server behind them.
    const fetch = async (url: string): Promise<Uint8Array> => {
      const fileID = decodeURIComponent(new URL(url).pathname.slice(1));
      return host.cloud.read(fileID) ?? new Uint8Array(0);
    };
    return { host, market: platform.market, fetch };
  },
};

/** Answers as the vector says, and fetches what the URLs in the data lead to. */
function providerFor(vector: Any, contents: Map<string, string>, own: Carrier['fetch']): Provider {
  return async (data, { api, fetch: usual }) => {
    const fetch = own ?? usual;
    for (const [, url] of JSON.stringify(data ?? null).matchAll(/"(https?:[^"]+)"/g))
      contents.set(url!, Buffer.from(await fetch(url!)).toString());
    if (vector.replyError) throw new ProviderError(vector.replyError.errcode, vector.replyError.errmsg);
    const answer = vector.providerReturns ?? { echo: data === undefined ? '(none)' : 'got' };
    return JSON.parse(JSON.stringify(answer).replace('"API"', JSON.stringify(api)));
  };
}

/** Contents that left the phone, whichever way; those of the page's own file by its content. */
function uploadsOf({ nativeCalls: calls }: Host): string[] {
  const written = new Map<string, string>();
  return calls.flatMap(({ api, params }: Any): string[] => {
    if (api === 'writeFileSync') written.set(params.filePath, Buffer.from(params.data).toString());
    if (api === 'request' && params.url.endsWith('/files')) {
      const { base64 } = params.data;
      return [base64 === undefined ? Buffer.from(params.data).toString() : atob(base64)];
    }
    if (api !== 'uploadFile' && api !== 'uploadToCommonCDN') return [];
    const [buffer] = params.__nativeBuffers__ ?? [];
    if (buffer) return [atob(buffer.base64)];
    return [params.filePath?.replace('wxfile://tmp_a.png', 'PNG-A') ?? params.fileData].map(
      (content) => written.get(content) ?? content,
    );
  });
}

function expected(vector: Any, channel: Name): Any {
  const { wire, uploads } = vector.expect;
  const text = TEXTS[vector.name]?.[channel];
  if (text) return { outcome: 'rejected', error: { '(type)': 'Error', message: text }, wire, uploads };
  if (vector.name !== SNAPSHOT) return vector.expect;
  return { ...vector.expect, wire: [{ ...wire[0], data: wire[0].data.replace('"k":2', '"k":1') }] };
}

/** Two calls at once may arrive in either order. */
function sorted(wire: Any[]): Any[] {
  return wire.slice().sort((a, b) => (a.api_name < b.api_name ? -1 : 1));
}

describe.each(Object.keys(CARRIERS) as Name[])('over the %s', (channel) => {
  const carried = vectors.filter(({ name }) => channel === 'bridge' || !BRIDGE_ONLY.includes(name));
  const carry = async (vector: Any): Promise<void> => {
    const { host, market, fetch } = await CARRIERS[channel]({});
    const contents = new Map<string, string>();
    market.provide('*', providerFor(vector, contents, fetch));
    if (vector.replyBody) host.fault({ api: 'operateWXData', effect: { malformed: vector.replyBody } });
    if (vector.uploadFails)
      host.fault({ api: UPLOAD[channel], effect: { fail: { errMsg: vector.uploadFails } } });

    const { ok, error } = await outcomeOnHost(host, vector.code);

    const seen = error
      ? { outcome: 'rejected', error: { '(type)': error.name, message: error.message } }
      : { outcome: 'resolved', value: withoutIds(ok) };
    const wire = market.messages.map(({ request }) => ({
      service_id: request.service_id,
      api_name: request.api_name,
      ...(request.data !== undefined && {
        data: request.data.replace(
          /https?:[^"\\]+/g,
          (url: string) => `<URL of ${contents.get(url) ?? host.cdn.text(url)}>`,
        ),
      }),
    }));
    const wanted = expected(vector, channel);
    expect({ ...seen, wire: sorted(wire), uploads: uploadsOf(host) }).toEqual({
      ...wanted,
      wire: sorted(wanted.wire),
    });
    expect(host.unhandled).toEqual([]);
    expect(host.tempFiles()).toEqual([]);
  };
  test.each(carried)('$name', carry);
});

/** What version 0 of the bridge does not give: a request id. */
function withoutIds(value: Any): Any {
  return JSON.parse(
    JSON.stringify(value, (key, item) => (/^requestI[dD]$/.test(key) ? undefined : item)) ?? 'null',
  );
}
