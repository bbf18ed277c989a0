/** One app of several uses up what all of them have in common: the others are still served. */
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type ManyAppsOptions, type OneOfApps } from '../../src/relay';
import { composePush } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';
import { bearer, refusal, serveRelay } from './support/open-relay';

const APPS = ['wxa', 'wxb', 'wxc'] as const;
type Appid = (typeof APPS)[number];
const PUSH = { token: 'AAAAA', encodingAESKey: 'a'.repeat(42) + 'A' };
const JSON_BYTES = 1024;

async function open(
  changes: Partial<Record<Appid, Partial<OneOfApps>>> = {},
  options: Partial<ManyAppsOptions> = {},
) {
  const appOf = (appid: Appid): OneOfApps => ({
    authenticate: async ({ value }) => value,
    push: { appid, ...PUSH },
    ...changes[appid],
  });
  const relay = await serveRelay({
    apps: Object.fromEntries(APPS.map((appid) => [appid, appOf(appid)])),
    maxJsonSize: JSON_BYTES,
    ...options,
  });
  const { url, post } = relay;
  return {
    ...relay,
    async signIn(appid: Appid, value: string): Promise<string> {
      const reply = await post('/session', { credential: { type: 'name', value, appid } });
      return ((await reply.json()) as { token: string }).token;
    },
    upload: (token: string, bytes: number): Promise<Response> =>
      fetch(`${url}/files`, {
        method: 'POST',
        body: 'x'.repeat(bytes),
        headers: { ...bearer(token), 'content-type': 'text/plain' },
      }),
    async push(appid: Appid, message: object, isSigned = true): Promise<number> {
      const { query, body } = composePush({ MsgType: 'text', ...message }, appid, { url: '', ...PUSH });
      if (!isSigned) delete query.signature;
      const answer = await fetch(`${url}/push/${appid}?${new URLSearchParams(query)}`, {
        method: 'POST',
        body,
      });
      return answer.status;
    },
  };
}

test('JSON of one app that is held leaves memory for that of each other', async () => {
  const { app, url, post, signIn } = await open();
  /** A request whose body does not end. */
  const hold = async (token: string): Promise<void> => {
    const arrived = once(app.server, 'request');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    cleanUpAfterTest(() => socket.destroy());
    const head = `POST /files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: ${JSON_BYTES}\r\n\r\n{`);
    await arrived;
  };
  const users = await Promise.all(['1', '2', '3', '4'].map((user) => signIn('wxa', user)));
  // Of 32 bodies a half, whoever sends them.
  for (let n = 0; n < 40; n++) await hold(users[n % 4]);
  await refusal(await post('/files', { text: 'x'.repeat(500) }, users[0]), 429, -11);
  const b = await signIn('wxb', 'ann');
  for (let n = 0; n < 8; n++) await hold(b);
  const c = await signIn('wxc', 'ann');
  for (let n = 0; n < 3; n++) await hold(c);
  expect((await post('/files', { text: 'x' }, c)).status).toBe(200);
});

test('files of one app leave room on the disk for those of each other, also after a restart', async () => {
  const limits = { maxDisk: 100_000, maxFileSize: 10_000 };
  const first = await open({}, limits);
  const send = async ({ signIn, upload }: typeof first, appid: Appid): Promise<number> =>
    (await upload(await signIn(appid, 'ann'), 9000)).status;
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++) statuses.push(await send(first, 'wxa'));
  expect(statuses).toEqual([...Array<number>(5).fill(200), ...Array<number>(5).fill(503)]);
  expect(await send(first, 'wxb')).toBe(200);
  const refusals = first.log.filter((line) => line.includes('uploads are refused'));
  expect(refusals.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      app: 'wxa',
      msg: expect.stringContaining('as many bytes as it leaves to all others'),
    }),
  ]);
  await first.app.close();
  const second = await open({}, { ...limits, folder: first.folder });
  expect([await send(second, 'wxa'), await send(second, 'wxb'), await send(second, 'wxc')]).toEqual([
    503, 200, 200,
  ]);
});

test.each(['signed', 'unsigned'])(
  '%s pushes to one app that are under way leave places for those to each other',
  async (kind) => {
    const { url, push } = await open();
    const isSigned = kind === 'signed';
    const answers = Array.from({ length: 40 }, (): Promise<number | undefined> => {
      const { query } = composePush({ MsgType: 'text' }, 'wxa', { url: '', ...PUSH });
      if (!isSigned) delete query.signature;
      const target = `${url}/push/wxa?${new URLSearchParams(query)}`;
      const sending = request(target, { method: 'POST', headers: { 'content-type': 'text/plain' } });
      cleanUpAfterTest(() => sending.destroy());
      sending.on('error', () => {});
      // The body does not end.
      sending.write('{');
      return new Promise((resolve) => {
        sending.on('response', ({ statusCode }) => resolve(statusCode));
      });
    });
    expect(await Promise.race(answers)).toBe(429);
    const statuses = [await push('wxa', { MsgId: 1 }, isSigned), await push('wxb', { MsgId: 1 }, isSigned)];
    expect(statuses).toEqual([429, 200]);
  },
);

test('pushes to one app that wait for its hook, which is down, take no place of those to another', async () => {
  const down = (): never => {
    throw new Error('down');
  };
  const seen: unknown[] = [];
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'apps/wxa/pushes'), { recursive: true });
  for (let n = 0; n < 1000; n++) {
    const eventId = String(n).padStart(64, '0');
    const push = { eventId, isProved: true, message: { MsgType: 'text' }, at: Date.now() };
    writeFileSync(join(folder, 'apps/wxa/pushes', `${eventId}.json`), JSON.stringify(push));
  }
  const relay = await open(
    { wxa: { onPush: down }, wxb: { onPush: (message) => seen.push(message) } },
    { folder },
  );
  expect([await relay.push('wxa', { MsgId: 1 }), await relay.push('wxb', { MsgId: 2 })]).toEqual([503, 200]);
  await until(() => seen.length === 1);
  expect(readdirSync(join(folder, 'apps/wxa/pushes'))).toHaveLength(1000);
});
