/** What docs/en/deploy.md says in numbers, held to what a relay does with it. */
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import type * as timers from 'node:timers/promises';
import { type HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { FastifyInstance } from 'fastify';
import { ORPHAN_TTL_S, OUTCOME_TTL_S } from '../../src/invocation';
import { createOpenApi } from '../../src/openapi';
import { MAX_HOLD_MS } from '../../src/protocol';
import { loadRelayConfig, S3FileStore, startRelay } from '../../src/relay';
import { addressOf } from '../../src/relay/address';
import * as relayMaker from '../../src/relay/create-relay';
import { resolveOptions } from '../../src/relay/options';
import { MAX_WAITING_BYTES, MAX_WAITING_PUSHES } from '../../src/relay/push/push-store';
import { FolderLock } from '../../src/relay/stores/folder/lock';
import { MemorySessions } from '../../src/relay/stores/memory';
import { CLAIM_EXPIRY_MS } from '../../src/relay/stores/redis/outcomes';
import { cleanUpAfterTest } from '../support/cleanup';
import { readDocument, relayDefaults } from '../support/documents';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';

jest.mock('../../src/relay/create-relay', () => ({
  __esModule: true,
  ...jest.requireActual<typeof relayMaker>('../../src/relay/create-relay'),
}));
jest.mock('node:timers/promises', () => {
  const real = jest.requireActual<typeof timers>('node:timers/promises');
  return { ...real, setTimeout: jest.fn(real.setTimeout) };
});

const DOCUMENT = 'docs/en/deploy.md';
const text = readDocument(DOCUMENT);
const values = new Map(
  relayDefaults().map(([key, json]) => [key, json === '' ? undefined : (JSON.parse(json) as unknown)]),
);
const authenticate = (): string => 'ann';

/** The number in the document's words, which have `(\d+)` in its place. */
function numberIn(words: RegExp): number {
  const [, digits] = words.exec(text) ?? [];
  expect(`${words}: ${digits}`).toMatch(/: \d+$/);
  return Number(digits);
}

const stopMarginMs = (): number => numberIn(/`upstreamTimeout` and (\d+) seconds at most/) * 1000;

test('what a relay works with, where its owner sets nothing, is what the table says', () => {
  const {
    apps: [app],
    ...relay
  } = resolveOptions({ authenticate });
  // What the table says of an app, the relay has for each of its apps.
  const settings: Record<string, unknown> = { ...relay, ...app };
  const found = [...values].flatMap(([key, value]): [string, unknown, unknown][] => {
    const [name, part] = key.split('.');
    if (!(name in settings)) return [];
    const setting = settings[name];
    return [[key, part ? (setting as Record<string, unknown>)[part] : setting, value]];
  });
  for (const [key, setting, value] of found) expect({ [key]: setting }).toEqual({ [key]: value });
  expect(found.length).toBeGreaterThanOrEqual(22);
});

describe('startRelay', () => {
  /** Starts it on a port that is free, whatever it asks for. @returns what it asked for */
  async function startAndStop(options: object): Promise<{ asked: unknown; graceMs: unknown }> {
    const { createRelay } = jest.requireActual<typeof relayMaker>('../../src/relay/create-relay');
    const asked: unknown[] = [];
    jest.spyOn(relayMaker, 'createRelay').mockImplementation(async (given) => {
      const app = await createRelay(given);
      const listen = app.listen.bind(app) as (options: object) => Promise<string>;
      app.listen = ((wanted: object) => {
        asked.push(wanted);
        return listen({ ...wanted, port: 0 });
      }) as typeof app.listen;
      return app;
    });
    const relay = await startRelay({ authenticate, logger: false, ...options });
    cleanUpAfterTest(() => relay.close());
    const started = jest.spyOn(global, 'setTimeout');
    const closed = relay.close();
    const [[, graceMs]] = started.mock.calls;
    await closed;
    return { asked: asked[0], graceMs };
  }

  test('of a program listens where the table says, and a stop waits as long as the document says', async () => {
    const { asked, graceMs } = await startAndStop({});
    expect(asked).toEqual({ host: values.get('host'), port: values.get('port') });
    expect(graceMs).toBe((values.get('upstreamTimeout') as number) + stopMarginMs());
  });

  test('of the command too, and its folder stands beside the file', async () => {
    const folder = temporaryFolder({ 'relay.config.json': '{"users": {"wx": true}, "logLevel": "silent"}' });
    const env = { WX_APPID: 'wxapp', WX_SECRET: 'secret' };
    const options = await loadRelayConfig(path.join(folder, 'relay.config.json'), { env });
    const { asked, graceMs } = await startAndStop(options);
    expect(asked).toEqual({ host: values.get('host'), port: values.get('port') });
    expect(graceMs).toBe((values.get('upstreamTimeout') as number) + stopMarginMs());
    expect(options.folder).toBe(path.join(folder, values.get('folder') as string));
    expect(fs.readdirSync(folder).sort()).toEqual(['relay-data', 'relay.config.json']);
  });

  test('of a file listens, waits and logs as that says', async () => {
    const config = {
      users: { wx: true },
      host: '::1',
      port: 4711,
      upstreamTimeout: 1000,
      logLevel: 'silent',
    };
    const folder = temporaryFolder({ 'relay.config.json': JSON.stringify(config) });
    const env = { WX_APPID: 'wxapp', WX_SECRET: 'secret' };
    const options = await loadRelayConfig(path.join(folder, 'relay.config.json'), { env });
    expect(options.logger).toEqual({ level: 'silent' });
    expect(await startAndStop(options)).toEqual({
      asked: { host: '::1', port: 4711 },
      graceMs: 1000 + stopMarginMs(),
    });
  });
});

describe('a server', () => {
  const ms = (name: string): number => values.get(`timeouts.${name}`) as number;

  async function open(): Promise<FastifyInstance> {
    const app = await relayMaker.createRelay({ authenticate, logger: false });
    cleanUpAfterTest(() => app.close());
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app;
  }

  async function signIn(url: string): Promise<{ token: string; expires_in: number }> {
    const reply = await fetch(`${url}/session`, {
      method: 'POST',
      body: '{"credential":{"type":"a","value":"b"}}',
      headers: { 'content-type': 'application/json' },
    });
    return (await reply.json()) as { token: string; expires_in: number };
  }

  /** Sends the beginning of a request, and waits until the relay has seen its headers. @returns the timers of that time */
  async function begin(
    app: FastifyInstance,
    lines: string[],
  ): Promise<{ once: unknown[]; again: unknown[]; bodies: unknown[] }> {
    const once = jest.spyOn(global, 'setTimeout');
    const again = jest.spyOn(global, 'setInterval');
    const bodies = jest.spyOn(IncomingMessage.prototype, 'setTimeout');
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    cleanUpAfterTest(() => socket.destroy());
    const text = ['Host: x', 'Expect: 100-continue', 'Content-Length: 10', '', ''];
    socket.write([...lines, ...text].join('\r\n'));
    await new Promise((resolve) => socket.once('data', resolve));
    const delays = (calls: unknown[][], at: number): unknown[] => calls.map((call) => call[at]);
    return {
      once: delays(once.mock.calls, 1),
      again: delays(again.mock.calls, 1),
      bodies: delays(bodies.mock.calls, 0),
    };
  }

  test('is held to the connections and times of the table', async () => {
    const { server } = await open();
    expect(server).toMatchObject({
      maxConnections: values.get('maxConnections'),
      headersTimeout: ms('headers'),
      requestTimeout: ms('request'),
    });
  });

  test('gives a body that needs no session the time of headers', async () => {
    const { once } = await begin(await open(), ['POST /session HTTP/1.1', 'Content-Type: application/json']);
    expect(once).toContain(ms('headers'));
  });

  test('gives each piece of a body the time of a stall, and watches its speed over that time', async () => {
    const app = await open();
    const { token, expires_in: seconds } = await signIn(addressOf(app));
    expect(seconds).toBe(values.get('sessionTtl'));
    const { bodies, again } = await begin(app, [
      'POST /files HTTP/1.1',
      'Content-Type: text/plain',
      `Authorization: Bearer ${token}`,
    ]);
    expect(bodies).toEqual([ms('stall')]);
    expect(again).toContain(ms('stall'));
  });

  test('gives whoever reads an answer the time of a stall, and a file the life of the table', async () => {
    const now = Date.now();
    const app = await relayMaker.createRelay({ authenticate, logger: false, now: () => now });
    cleanUpAfterTest(() => app.close());
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const answers = jest.spyOn(ServerResponse.prototype, 'setTimeout');
    const { token } = await signIn(url);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' };
    const sent = await fetch(`${url}/files`, { method: 'POST', headers, body: 'x' });
    const { expires_at: expiresAt } = (await sent.json()) as { expires_at: number };
    expect(expiresAt).toBe(Math.floor(now / 1000) + (values.get('fileTtl') as number));
    expect(answers.mock.calls.map(([delay]) => delay)).toContain(ms('stall'));
  });
});

test('metrics are served at the address of the table, where only their port is set', async () => {
  const log: string[] = [];
  const logger = { stream: { write: (line: string) => void log.push(line) } };
  const app = await relayMaker.createRelay({ authenticate, logger, metrics: { port: 0 } });
  cleanUpAfterTest(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const lines = log.map((line) => JSON.parse(line) as { msg: string; host: string });
  expect(lines.find(({ msg }) => msg === 'metrics are served')).toMatchObject({
    host: values.get('metrics.host'),
  });
});

test('a store of files in S3 that a program opens is asked as the table says', async () => {
  const sent = jest.spyOn(S3Client.prototype, 'send').mockImplementation(() => Promise.resolve({}));
  const store = await S3FileStore.open({ bucket: 'files', spool: temporaryFolder() });
  cleanUpAfterTest(() => store.close());
  await store.size('key');
  const [client] = sent.mock.contexts as S3Client[];
  const [[command]] = sent.mock.calls as unknown as [[HeadObjectCommand]];
  expect({
    region: await client.config.region(),
    prefix: command.input.Key?.replace(/key$/, ''),
    forcePathStyle: client.config.forcePathStyle,
  }).toEqual({
    region: values.get('s3.region'),
    prefix: values.get('s3.prefix'),
    forcePathStyle: values.get('s3.forcePathStyle'),
  });
});

test('a process without Redis has as many sessions as the document says; then the oldest ends', async () => {
  const [, digits = ''] = /A process has ([\d,]+) sessions without Redis/.exec(text) ?? [];
  const sessions = new MemorySessions(() => 0);
  const [oldest, second] = [await sessions.create('oldest', 60), await sessions.create('second', 60)];
  const max = Number(digits.replace(',', ''));
  for (let count = 2; count < max; count++) await sessions.create('more', 60);
  expect(await sessions.find(oldest)).toBe('oldest');
  await sessions.create('one more', 60);
  expect([await sessions.find(oldest), await sessions.find(second)]).toEqual([undefined, 'second']);
});

test.each<[what: string, words: RegExp, value: number]>([
  ['instances notice that one was killed', /notice after (\d+) seconds/, CLAIM_EXPIRY_MS / 1000],
  ['a question waits', /\{request_id, wait_ms\}`, for up to (\d+) seconds/, MAX_HOLD_MS / 1000],
  ['intents and outcomes are kept', /Both are kept for (\d+) hours/, OUTCOME_TTL_S / 3600],
  ['a push waits for the answer of its call', /waits (\d+) seconds for it/, ORPHAN_TTL_S],
  ['pushes that wait', /At most (\d+) pushes and 16 MiB can wait/, MAX_WAITING_PUSHES],
  ['bytes of them', /At most 1000 pushes and (\d+) MiB can wait/, MAX_WAITING_BYTES / 1024 / 1024],
])('%s as the document says', (_what, words, value) => {
  expect(value).toBe(numberIn(words));
});

describe('the platform’s server', () => {
  /** What a request for an access token asks of Node, and when it is given up. */
  async function askForToken(openApi: ReturnType<typeof createOpenApi>): Promise<object> {
    const request = Object.assign(new EventEmitter(), { end: () => {}, destroy: () => {} });
    const sent = jest.spyOn(https, 'request').mockReturnValue(request as never);
    const started = jest.spyOn(global, 'setTimeout');
    const answer = openApi.auth.getAccessToken().catch((error: Error) => error);
    await until(() => sent.mock.calls.length > 0);
    const [{ host, path: target }] = sent.mock.calls[0] as unknown as [{ host: string; path: string }];
    request.emit('error', Object.assign(new Error(), { code: 'ECONNREFUSED' }));
    expect(await answer).toBeInstanceOf(Error);
    return { upstream: `https://${host}`, target, timeouts: started.mock.calls.map(([, ms]) => ms) };
  }

  const asTheTableSays = (): object => ({
    upstream: values.get('upstream'),
    target: expect.stringContaining(`/${values.get('tokenMode')}_token`),
    timeouts: expect.arrayContaining([values.get('upstreamTimeout')]),
  });

  test('is asked as the table says, of a program', async () => {
    expect(await askForToken(createOpenApi({ appid: 'wxapp', secret: 'secret' }))).toEqual(asTheTableSays());
  });

  const openApiOf = async (config: object): Promise<ReturnType<typeof createOpenApi>> => {
    const file = path.join(
      temporaryFolder({ 'relay.config.json': JSON.stringify({ users: { wx: true }, ...config }) }),
      'relay.config.json',
    );
    const { openApi } = await loadRelayConfig(file, { env: { WX_APPID: 'wxapp', WX_SECRET: 'secret' } });
    return openApi!;
  };

  test('and of the command', async () => {
    expect(await askForToken(await openApiOf({}))).toEqual(asTheTableSays());
  });

  test('or as the file says', async () => {
    const config = { upstream: 'https://proxy.example.com', upstreamTimeout: 1234, tokenMode: 'plain' };
    expect(await askForToken(await openApiOf(config))).toEqual({
      upstream: 'https://proxy.example.com',
      target: expect.stringMatching(/^\/cgi-bin\/token\?/),
      timeouts: expect.arrayContaining([1234]),
    });
  });
});

test('the lock has its heartbeat, and is taken over, after the seconds that the document says', async () => {
  const { setTimeout: sleep } = jest.requireMock<{ setTimeout: jest.Mock }>('node:timers/promises');
  let slept = 0;
  sleep.mockImplementation(async (ms: number) => void (slept += ms));
  cleanUpAfterTest(() => sleep.mockReset());
  const intervals = jest.spyOn(global, 'setInterval');
  const folder = temporaryFolder({ 'relay-00000000-0000-0000-0000-000000000000.lock': '7' });
  const lock = await FolderLock.acquire(folder);
  cleanUpAfterTest(() => lock.release());
  expect(intervals.mock.calls.map(([, ms]) => ms)).toEqual([
    numberIn(/writes a heartbeat every (\d+) seconds/) * 1000,
  ]);
  expect(slept).toBe(numberIn(/the next one starts when there was none for (\d+) seconds/) * 1000);
});

test('the documents name the least Node version that package.json asks for', () => {
  const { engines } = JSON.parse(readDocument('package.json')) as { engines: { node: string } };
  const named = [
    'README.md',
    'README.zh-CN.md',
    'CONTRIBUTING.md',
    'docs/design.md',
    'docs/decisions.md',
  ].map((document) => /Node (?:≥ )?(\d+\.\d+)/.exec(readDocument(document))?.[1]);
  expect(named.map((version) => `>=${version}`)).toEqual(named.map(() => engines.node));
});
