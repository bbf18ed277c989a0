/** Bodies that are held in memory, by user. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayOptions } from '../../src/relay';
import { MemorySessions } from '../../src/relay/stores/memory';
import { later, openRelay, refusal } from './harness';

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
    later(() => socket.destroy());
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${as}\r\nContent-Type: application/json\r\nContent-Length: ${SIZE}\r\n\r\n{`,
    );
    await arrived;
    held.push(socket);
  };
  return { relay, token, hold, held };
}

test('a user may have sixteen of the largest size under way; other users have their own', async () => {
  const { relay, token, hold, held } = await open();
  for (let i = 0; i < 16; i++) await hold(['/invoke', '/files', '/retrieve'][i % 3], token);
  for (const path of ['/invoke', '/files', '/retrieve']) {
    const reply = await relay.post(path, {}, token);
    expect(reply.headers.get('retry-after')).toBe('1');
    await refusal(reply, 429, -11);
  }
  // A file that is streamed is not held.
  expect((await relay.send('x', token, 'text/plain')).status).toBe(200);
  expect((await relay.post('/files', { text: 'x' }, await relay.signIn('bob'))).status).toBe(200);
  held[0].destroy();
  while ((await relay.post('/files', { text: 'x' }, token)).status !== 200);
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
  for (let i = 0; i < 17; i++) await hold('/files', token);
  for (const socket of held) socket.destroy();
  const count = (): Promise<number> =>
    new Promise((resolve) => relay.app.server.getConnections((_error, n) => resolve(n)));
  // The sign-in may have left one that is kept.
  while ((await count()) > 1) await sleep(10);
  goOn();
  expect((await relay.post('/files', { text: 'x' }, token)).status).toBe(200);
});
