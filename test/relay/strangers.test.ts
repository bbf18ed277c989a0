/** What anybody may do without a session, and what one address may keep open. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileStore } from '../../src/relay';
import { cleanUpAfterTest } from '../support/cleanup';
import { openRelay, refusal } from './support/open-relay';
import { until } from '../support/until';

/** A raw connection, and the text that has come over it. */
function open(url: string): {
  socket: Socket;
  text: () => string;
  /** Waits for an answer that fits. @returns all that came */
  read: (pattern: RegExp) => Promise<string>;
  /** Its end, also by a reset: what the client still sends meets a closed socket. */
  closed: Promise<void>;
} {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  cleanUpAfterTest(() => socket.destroy());
  let text = '';
  socket.on('data', (chunk) => (text += chunk));
  socket.on('error', () => {});
  const read = (pattern: RegExp): Promise<string> =>
    until(() => pattern.test(text) && text, `${pattern} came`);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, text: () => text, read, closed };
}

/** The head of a request whose body never comes. */
function head(request: string, type = 'application/json', length = 4_000_000, more = ''): string {
  return `${request} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n${more}\r\n`;
}

describe('is refused before its body:', () => {
  test.each([
    ['an unknown path', 404, head('POST /nothing')],
    ['an unknown path with a method that is not known there', 404, head('PATCH /files/x/y')],
    ['a method that the path does not have', 405, head('PUT /invoke')],
    ['a call without a session', 401, head('POST /invoke')],
    ['a file without a session', 401, head('POST /files', 'application/octet-stream')],
    ['a sign-in that is too large', 413, head('POST /session')],
    ['a sign-in that is not JSON', 415, head('POST /session', 'text/html', 100)],
  ])('%s', async (_name, status, request) => {
    const { url } = await openRelay();
    const { socket, read } = open(url);
    socket.write(request);
    expect(await read(/request_id/)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test.each([
    ['a question for a result that is too large', 413, 'POST /retrieve', 'application/json'],
    ['a call that is too large', 413, 'POST /invoke', 'application/json'],
    ['a file that is too large', 413, 'POST /files', 'application/octet-stream'],
    ['a file of another type', 415, 'POST /files', 'text/html'],
  ])('%s, with a session', async (_name, status, request, type) => {
    const relay = await openRelay({ maxJsonSize: 100_000, maxFileSize: 100_000 });
    const { socket, read } = open(relay.url);
    const length = status === 415 ? 1000 : 4_000_000;
    socket.write(head(request, type, length, `Authorization: Bearer ${await relay.signIn()}\r\n`));
    expect(await read(/request_id/)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});

describe('a client that waits to be asked for its body', () => {
  const EXPECT = 'Expect: 100-continue\r\n';

  test.each([
    ['an unknown path', 404, 'POST /nothing', 'application/json', 100],
    ['a method that the path does not have', 405, 'PUT /invoke', 'application/json', 100],
    ['a call without a session', 401, 'POST /invoke', 'application/json', 100],
    ['a sign-in that is too large', 413, 'POST /session', 'application/json', 4_000_000],
    ['a sign-in that is not JSON', 415, 'POST /session', 'text/html', 100],
  ])('is not asked where it is refused: %s', async (_name, status, request, type, length) => {
    const { url } = await openRelay();
    const { socket, text, closed } = open(url);
    socket.write(head(request, type, length, EXPECT));
    await closed;
    expect(text()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text()).not.toContain('100 Continue');
  });

  test('is not asked for a file beyond its limit', async () => {
    const relay = await openRelay({ limits: { filesPerHour: 0 } });
    const { socket, text, closed } = open(relay.url);
    const session = `Authorization: Bearer ${await relay.signIn()}\r\n`;
    socket.write(head('POST /files', 'application/octet-stream', 100, EXPECT + session));
    await closed;
    expect(text()).toMatch(/^HTTP\/1.1 429 /);
  });

  const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--\r\n';
  test.each([
    ['/session', 'application/json', '{"credential":{"type":"name","value":"ann"}}'],
    ['/files', 'application/json', '{"text":"x"}'],
    ['/files', 'application/octet-stream', 'x'],
    ['/files', 'multipart/form-data; boundary=b', form],
  ])('is asked where it is not: %s, %s', async (path, type, body) => {
    const relay = await openRelay();
    const { socket, text, read } = open(relay.url);
    const session = `Authorization: Bearer ${await relay.signIn()}\r\n`;
    for (let n = 1; n <= 2; n++) {
      socket.write(head(`POST ${path}`, type, body.length, EXPECT + session));
      await read(new RegExp(`(?:100 Continue\r\n\r\n[^]*){${n}}`));
      socket.write(body);
      await read(new RegExp(`(?:200 OK[^]*expires_[^]*){${n}}`));
    }
    expect(text()).not.toContain('Connection: close');
  });
});

describe('a client that takes its time', () => {
  test.each([
    ['whose sign-in comes byte by byte has the time of headers', 'POST /session', /^HTTP\/1.1 408 /],
    ['whose body was refused has that time for the rest', 'POST /nothing', /^HTTP\/1.1 404 /],
  ])('%s', async (_name, request, answer) => {
    const { url } = await openRelay({ timeouts: { headers: 300 } });
    const { socket, text, closed } = open(url);
    socket.write(head(request, 'application/json', 10_000));
    const timer = setInterval(() => socket.write('x'), 20);
    cleanUpAfterTest(() => clearInterval(timer));
    await closed;
    expect(text()).toMatch(answer);
  });

  test.each([
    ['nobody has read', 'POST /nothing', 'application/octet-stream'],
    ['a parser has begun to read', 'POST /files', 'multipart/form-data'],
  ])(
    'keeps its connection where the rest of a refused body that %s comes in time',
    async (_name, to, type) => {
      // Long enough for a busy machine to send the rest in.
      const relay = await openRelay({ timeouts: { headers: 2000 } });
      const { socket, read } = open(relay.url);
      const session = `Authorization: Bearer ${await relay.signIn()}\r\n`;
      socket.write(`${head(to, type, 2, session)}x`);
      await read(/^HTTP\/1.1 40[04] [^]*request_id/);
      socket.write('x');
      await sleep(2500);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      await read(/HTTP\/1.1 200 /);
    },
  );

  test('whose file comes byte by byte is cut off, and nothing is kept', async () => {
    const relay = await openRelay({ timeouts: { stall: 200 } });
    const { socket, read } = open(relay.url);
    const session = `Authorization: Bearer ${await relay.signIn()}\r\n`;
    socket.write(head('POST /files', 'application/octet-stream', 10_000, session));
    const timer = setInterval(() => socket.write('x'), 20);
    cleanUpAfterTest(() => clearInterval(timer));
    expect(await read(/request_id/)).toMatch(/^HTTP\/1.1 408 /);
    expect(relay.files()).toEqual([]);
  });
});

describe('a client that reads its file', () => {
  /** A connection to the relay that carries `bytesPerTick` every 10 ms, however much waits. */
  function connectSlowly(
    relay: Awaited<ReturnType<typeof openRelay>>,
    request: string,
    bytesPerTick: number,
  ) {
    let carried = 0;
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        const end = carried + chunk.length;
        const timer = setInterval(() => {
          carried = Math.min(carried + bytesPerTick, end);
          if (carried < end && !socket.destroyed) return;
          clearInterval(timer);
          done();
        }, 10);
      },
    });
    // What the relay uses of a socket; that it is idle is never said, so that only its speed counts.
    Object.defineProperty(socket, 'bytesWritten', { get: () => carried + socket.writableLength });
    Object.assign(socket, { setTimeout: () => socket, remoteAddress: '127.0.0.1' });
    cleanUpAfterTest(() => socket.destroy());
    relay.app.server.emit('connection', socket);
    socket.push(request);
    return { socket, carried: () => carried };
  }

  test.each([
    ['slower than 4 KiB a second is cut off', 20, false],
    ['faster is not', 4000, true],
  ])('%s', async (_name, bytesPerTick, isServed) => {
    const relay = await openRelay({ timeouts: { stall: 300 } });
    const size = 400_000;
    const sent = await relay.send('x'.repeat(size), await relay.signIn(), 'text/plain');
    const { pathname } = new URL(((await sent.json()) as { url: string }).url);
    const get = `GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const { socket, carried } = connectSlowly(relay, get, bytesPerTick);
    await once(socket, isServed ? 'finish' : 'close');
    expect(carried() > size).toBe(isServed);
  });
});

describe('one address', () => {
  test('has a bound of connections; one that ends makes room', async () => {
    const { url } = await openRelay({ maxConnectionsPerAddress: 3 });
    const ask = async (): Promise<Socket | undefined> => {
      const { socket, text, closed } = open(url);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      await Promise.race([new Promise((resolve) => socket.once('data', resolve)), closed]);
      return text() === '' ? undefined : socket;
    };
    const sockets = [await ask(), await ask(), await ask()];
    expect(sockets).not.toContain(undefined);
    expect(await ask()).toBeUndefined();
    sockets[0]?.destroy();
    await until(ask);
  });

  test('has a bound of requests under way; each that is answered makes room', async () => {
    const waiting: (() => void)[] = [];
    const relay = await openRelay({
      maxPendingPerAddress: 2,
      authenticate: () => new Promise((resolve) => waiting.push(() => resolve('ann'))),
    });
    const credential = { type: 'a', value: 'b' };
    const first = [relay.post('/session', { credential }), relay.post('/session', { credential })];
    await until(() => waiting.length >= 2);
    const refused = await relay.post('/session', { credential });
    expect(refused.headers.get('retry-after')).toBe('1');
    await refusal(refused, 429, -11);
    waiting.forEach((goOn) => goOn());
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
  });

  test.each([
    ['ports', ['192.0.2.1:1111', '192.0.2.1:2222']],
    ['ports of IPv6', ['[2001:db8::1]:1111', '[2001:db8::2]:2222']],
    ['and without ports', ['192.0.2.1', '192.0.2.1:2222']],
    ['that is none', ['x', 'y']],
  ])('is the same with other %s', async (_name, addresses) => {
    const relay = await openRelay({ trustProxy: true, limits: { sessionsPerHour: 1 } });
    const statuses: number[] = [];
    for (const address of addresses) {
      const reply = await fetch(`${relay.url}/session`, {
        method: 'POST',
        body: JSON.stringify({ credential: { type: 'name', value: 'ann' } }),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      });
      statuses.push(reply.status);
    }
    expect(statuses).toEqual([200, 429]);
  });

  test('that a proxy speaks for without being trusted is warned of, once', async () => {
    const relay = await openRelay();
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    for (let i = 0; i < 3; i++) await fetch(`${relay.url}/healthz`, { headers });
    expect(relay.log.filter((line) => line.includes('\\"trustProxy\\" does not name it'))).toHaveLength(1);
    const trusting = await openRelay({ trustProxy: 'loopback' });
    await fetch(`${trusting.url}/healthz`, { headers });
    expect(trusting.log.join('')).not.toContain('trustProxy');
  });
});

describe('requests that are sent at once over one connection', () => {
  test('are answered one after another', async () => {
    const waiting: (() => void)[] = [];
    const relay = await openRelay({
      authenticate: () => new Promise((resolve) => waiting.push(() => resolve('ann'))),
    });
    const body = '{"credential":{"type":"a","value":"b"}}';
    const { socket, text, read } = open(relay.url);
    socket.write((head('POST /session', 'application/json', body.length) + body).repeat(3));
    for (let done = 1; done <= 3; done++) {
      await until(() => waiting.length >= done);
      await sleep(20);
      expect(waiting).toHaveLength(done);
      waiting[done - 1]();
      await read(new RegExp(`(?:expires_in[^]*){${done}}`));
    }
    expect(text().match(/HTTP\/1.1 200/g)).toHaveLength(3);
  });

  test('hold nothing when their connection has ended', async () => {
    const opened: Readable[] = [];
    const files = {
      async put(source: Readable, _type: string, key: () => Promise<string>) {
        source.resume();
        await once(source, 'end');
        await key();
      },
      async get() {
        await sleep(20);
        const stream = new Readable({ read() {} });
        opened.push(stream);
        return { size: 1_000_000, stream };
      },
      size: async () => 1,
      remove: async () => {},
      sweep: async () => 0,
      check: async () => {},
      close: async () => {},
    } satisfies FileStore;
    const relay = await openRelay({ stores: { files } });
    const sent = await relay.send('x', await relay.signIn(), 'text/plain');
    const { pathname } = new URL(((await sent.json()) as { url: string }).url);
    const get = `GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(60);
    // Before the store answers, and after it.
    for (const wait of [5, 60]) {
      const { socket } = open(relay.url);
      socket.write(get);
      await sleep(wait);
      socket.destroy();
    }
    await until(() => opened.length > 0, 'a file was opened');
    // Long enough for more of them.
    await sleep(100);
    await until(() => opened.every(({ destroyed }) => destroyed), 'what was opened is closed');
    expect(opened.length).toBeLessThan(4);
  });
});

test('a form that is all preamble ends at the size of a file', async () => {
  const relay = await openRelay({ maxFileSize: 100_000 });
  const { socket, read } = open(relay.url);
  socket.write(
    `POST /files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await relay.signIn()}\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const piece = 'x'.repeat(10_000);
  const timer = setInterval(() => socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`), 5);
  cleanUpAfterTest(() => clearInterval(timer));
  expect(await read(/request_id/)).toMatch(/^HTTP\/1.1 413 /);
});

test.each([
  ['that is long', `X-Long: ${'y'.repeat(20_000)}`],
  ['of many lines', Array.from({ length: 2000 }, (_, i) => `X-${i}: y`).join('\r\n')],
])("a part's header %s is refused, and holds nothing", async (_name, lines) => {
  const relay = await openRelay();
  const body = `--b\r\n${lines}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--\r\n`;
  const reply = await relay.send(body, await relay.signIn(), 'multipart/form-data; boundary=b');
  await refusal(reply, 400, -1);
  expect(relay.files()).toEqual([]);
});

test('who ask for health while it is looked at, and a second long, get one answer', async () => {
  let checks = 0;
  const goOn: (() => void)[] = [];
  let now = 1_000_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  // The outcomes' check is the relay's own; the files' is counted.
  const files = {
    put: async () => {},
    get: async () => undefined,
    size: async () => undefined,
    remove: async () => {},
    sweep: async () => 0,
    close: async () => {},
    async check() {
      checks++;
      await new Promise<void>((resolve) => goOn.push(resolve));
    },
  } satisfies FileStore;
  const counted = await openRelay({ stores: { files } });
  const asked = Array.from({ length: 20 }, () => fetch(`${counted.url}/readyz`));
  await until(() => goOn.length > 0);
  await sleep(50);
  goOn.forEach((resolve) => resolve());
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(20).fill(200));
  now += 999;
  expect((await fetch(`${counted.url}/readyz`)).status).toBe(200);
  expect(checks).toBe(1);
  now += 1;
  const again = fetch(`${counted.url}/readyz`);
  await until(() => goOn.length === 2, 'the store was checked again');
  goOn[1]();
  expect((await again).status).toBe(200);
});
