/** Bodies that are held in memory, by user. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createOpenApi } from '../../src/openapi';
import type { RelayOptions } from '../../src/relay';
import { ownTurn } from '../../src/relay/http/json-body';
import { MemorySessions } from '../../src/relay/stores/memory';
import { cleanUpAfterTest } from '../support/cleanup';
import { openUpstream } from './support/fake-upstream';
import { bearer, openRelay, refusal } from './support/open-relay';
import { until } from '../support/until';

const SIZE = 1024;

async function open(stores?: RelayOptions['stores']) {
  const relay = await openRelay({ maxJsonSize: SIZE, stores });
  const token = await relay.signIn();
  const held: Socket[] = [];
  /** A request whose body does not end. */
  const hold = async (path: string, as: string): Promise<void> => {
    const { server } = relay.app;
    const arrived = once(server, 'request');
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
    cleanUpAfterTest(() => socket.destroy());
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${as}\r\nContent-Type: application/json\r\nContent-Length: ${SIZE}\r\n\r\n{`,
    );
    await arrived;
    held.push(socket);
  };
  return { relay, token, hold, held };
}

test('a user may have ten of the largest size under way; other users have their own, up to 32 in all', async () => {
  const { relay, token, hold, held } = await open();
  for (let i = 0; i < 10; i++) await hold(['/invoke', '/files'][i % 2], token);
  for (const path of ['/invoke', '/files']) {
    const reply = await relay.post(path, {}, token);
    expect(reply.headers.get('retry-after')).toBe('1');
    await refusal(reply, 429, -11);
  }
  // A file that is streamed is not held.
  expect((await relay.send('x', token, 'text/plain')).status).toBe(200);
  const bob = await relay.signIn('bob');
  expect((await relay.post('/files', { text: 'x' }, bob)).status).toBe(200);
  const others = [bob, await relay.signIn('cleo'), await relay.signIn('dan')];
  for (let i = 0; i < 22; i++) await hold('/files', others[i % 3]);
  await refusal(await relay.post('/files', { text: 'x' }, await relay.signIn('eve')), 429, -11);
  held[0].destroy();
  await until(async () => (await relay.post('/files', { text: 'x' }, token)).status === 200);
});

test.each(['{}', '[]', '1', '"a"', '{"a":1}'])(
  'many values are refused before they are made: %s',
  async (value) => {
    const services = { wxocr: ['Ocr'] };
    const openApi = createOpenApi({ appid: 'a', secret: 's', baseUrl: 'http://127.0.0.1:1' });
    const relay = await openRelay({ services, openApi });
    const call = { service: 'wxocr', api: 'Ocr', client_msg_id: 'id' };
    const list = `[${Array.from({ length: 60_000 }, () => value).join()}]`;
    const token = await relay.signIn();
    for (const data of [list, JSON.parse(list)]) {
      expect(await refusal(await relay.post('/invoke', { ...call, data }, token), 413, -1)).toContain(
        '50000',
      );
    }
  },
);

test('repeats of a running call hold no body', async () => {
  const upstream = await openUpstream();
  let finish = (): void => {};
  const finished = new Promise<object>((resolve) => (finish = () => resolve({ errcode: 0, errmsg: 'ok' })));
  upstream.replies.set('/wxa/servicemarket', () => finished);
  const openApi = createOpenApi({ appid: 'a', secret: 'app-secret', baseUrl: upstream.url });
  const relay = await openRelay({ maxJsonSize: 10_000, services: { s: ['a'] }, openApi });
  const token = await relay.signIn();
  const call = { service: 's', api: 'a', client_msg_id: 'id', data: JSON.stringify('x'.repeat(4000)) };
  // More than the ten of the largest size that one user may have under way, and within what it may send.
  const replies: Promise<Response>[] = [];
  for (let n = 0; n < 30; n++) {
    replies.push(relay.post('/invoke', call, token));
    // Read to its end before the next one comes.
    expect((await relay.post('/files', { text: 'x' }, token)).status).toBe(200);
  }
  finish();
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(Array(30).fill(200));
  expect(upstream.count('/wxa/servicemarket')).toBe(1);
});

test('refused and repeated requests spend what a user may send; it comes back with time', async () => {
  const relay = await openRelay({ maxJsonSize: SIZE });
  const token = await relay.signIn();
  const statuses: number[] = [];
  const send = (as: string): Promise<Response> =>
    relay.post('/invoke', { service: 'no', api: 'x', client_msg_id: 'i', data: 'x'.repeat(900) }, as);
  const sendAll = async (): Promise<number> => {
    statuses.length = 0;
    while (statuses.length < 20 && statuses.at(-1) !== 429) statuses.push((await send(token)).status);
    return statuses.length - 1;
  };
  await sendAll();
  // 16 × 1024 bytes: bodies of about a kilobyte, and the answers to them.
  expect(statuses.length).toBeGreaterThan(10);
  expect(statuses.length).toBeLessThan(18);
  expect(new Set(statuses)).toEqual(new Set([403, 429]));
  expect((await send(await relay.signIn('bob'))).status).toBe(403);
  const wait = Number((await send(token)).headers.get('retry-after'));
  relay.clock.ms += wait * 1000;
  expect((await send(token)).status).toBe(403);
  await sendAll();
  // A quarter of 1024 bytes each second.
  relay.clock.ms += 16_000;
  expect(await sendAll()).toBe(3);
});

test('a large JSON waits for those before it, a small one for none', async () => {
  const order: string[] = [];
  const large = ' '.repeat(65_536);
  await Promise.all(
    [large, large, '{}'].map(async (json, n) => {
      await ownTurn(json);
      order.push(`${n}`);
    }),
  );
  expect(order).toEqual(['2', '0', '1']);
});

test('all users of one address together may send eight times as much as one', async () => {
  const relay = await openRelay({ maxJsonSize: SIZE });
  const tokens = await Promise.all(Array.from({ length: 12 }, (_, n) => relay.signIn(`user-${n}`)));
  let sent = 0;
  const send = async (n: number): Promise<number> => {
    const body = JSON.stringify({ service: 'no', api: 'x', client_msg_id: 'i', data: 'x'.repeat(900) });
    const headers = { ...bearer(tokens[n % 12]), 'content-type': 'application/json' };
    const { status } = await fetch(`${relay.url}/invoke`, { method: 'POST', body, headers });
    if (status !== 429) sent += body.length;
    return status;
  };
  // None of them alone has sent what one may.
  for (let n = 0; n < 144 && (await send(n)) !== 429; n++);
  expect(sent / SIZE).toBeGreaterThan(127);
  expect(sent / SIZE).toBeLessThanOrEqual(128);
});

test('a client that leaves while its session is looked up is not counted', async () => {
  const sessions = new MemorySessions(Date.now);
  const find = sessions.find.bind(sessions);
  let goOn = (): void => {};
  const gate: { opens?: Promise<void> } = {};
  sessions.find = async (token) => {
    await gate.opens;
    return find(token);
  };
  const { relay, token, hold, held } = await open({ sessions });
  gate.opens = new Promise((resolve) => (goOn = resolve));
  for (let i = 0; i < 15; i++) await hold('/files', token);
  for (const socket of held) socket.destroy();
  const count = (): Promise<number> =>
    new Promise((resolve) => relay.app.server.getConnections((_error, n) => resolve(n)));
  // The sign-in may have left one that is kept.
  await until(async () => (await count()) <= 1);
  goOn();
  expect((await relay.post('/files', { text: 'x' }, token)).status).toBe(200);
});
