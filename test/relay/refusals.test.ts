import { join } from 'node:path';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createOpenApi } from '../../src/openapi';
import { createRelay, startRelay } from '../../src/relay';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { form, openRelay, refusal } from './support/open-relay';

/** Opens a raw connection and returns it with all that it will have received when it is closed. */
function raw(url: string, text: string): { socket: Socket; received: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  cleanUpAfterTest(() => socket.destroy());
  let data = '';
  socket.on('data', (chunk) => (data += chunk));
  const received = new Promise<string>((resolve) => socket.on('close', () => resolve(data)));
  socket.on('error', () => {});
  socket.write(text);
  return { socket, received };
}

function bodyOf(answer: string): unknown {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
}

describe('every refusal has the shape {errcode, errmsg, billing, request_id}:', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/nothing'],
    ['POST', '/files/x/y'],
    ['GET', '/%'],
  ])('%s %s', async (method, path) => {
    const { url } = await openRelay();
    const reply = await fetch(url + path, { method });
    await refusal(reply, path === '/%' ? 400 : 404, -1);
  });

  test.each([
    ['GET', '/session', 'POST, DELETE'],
    ['PUT', '/files', 'POST'],
    ['DELETE', '/files/x', 'GET, HEAD'],
    ['POST', '/healthz', 'GET'],
    ['POST', '/readyz', 'GET'],
  ])('%s %s is 405 with what is allowed', async (method, path, allow) => {
    const { url } = await openRelay();
    const reply = await fetch(url + path, { method });
    expect(reply.headers.get('allow')).toBe(allow);
    await refusal(reply, 405, -1);
  });

  test.each(['{"credential":', 'hello SECRET', ''])('a body that is no JSON: %j', async (body) => {
    const { url } = await openRelay();
    const reply = await fetch(`${url}/session`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(await refusal(reply, 400, -1)).not.toContain('SECRET');
  });

  test('a session request that is no JSON by its type', async () => {
    const { url } = await openRelay();
    await refusal(await fetch(`${url}/session`, { method: 'POST', body: 'x' }), 415, -1);
  });

  test("the request id is in a header too, and not the client's", async () => {
    const { url } = await openRelay();
    const reply = await fetch(`${url}/x`, { headers: { 'request-id': 'mine', 'x-request-id': 'mine' } });
    expect(reply.headers.get('x-request-id')).not.toBe('mine');
    expect(reply.headers.get('x-request-id')).toBe(
      ((await reply.json()) as { request_id: string }).request_id,
    );
  });

  test('a fault inside tells nothing of it, and is logged with its stack', async () => {
    const { post, log } = await openRelay({ authenticate: () => ({}) as string });
    const text = await refusal(
      await post('/session', { credential: { type: 'a', value: 'SECRET' } }),
      500,
      -2,
    );
    expect(text).not.toMatch(/authenticate|\.ts|\//);
    expect(log.join('')).toContain('authenticate() returned no user id');
    expect(log.join('')).not.toContain('SECRET');
  });

  test('HTTP that is no HTTP', async () => {
    const { url } = await openRelay();
    const answer = await raw(url, 'nonsense\r\n\r\n').received;
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(bodyOf(answer)).toEqual({
      errcode: -1,
      errmsg: 'Failed to read the request: it is malformed. Check its body, headers and URL.',
      billing: 'none',
      request_id: expect.any(String),
    });
  });

  test('a request without a host', async () => {
    const { url } = await openRelay();
    const answer = await raw(url, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n').received;
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(bodyOf(answer)).toMatchObject({ errcode: -1, billing: 'none', request_id: expect.any(String) });
  });

  test('HTTP that is no HTTP behind a request that is being answered: that one may be billed', async () => {
    let answer = (): void => {};
    const waiting = new Promise<void>((resolve) => (answer = resolve));
    const { url } = await openRelay({ authenticate: async () => void (await waiting) });
    const body = '{"credential":{"type":"a","value":"b"}}';
    const head = `POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    const { received } = raw(url, `${head}\r\n\r\n${body}nonsense\r\n\r\n`);
    expect(bodyOf(await received)).toMatchObject({ errcode: -1, billing: 'unknown' });
    answer();
  });

  test('a flood of headers', async () => {
    const { url } = await openRelay();
    const answer = await raw(url, `GET /healthz HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(5000)}`).received;
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    const errmsg = expect.stringContaining('its headers are too large') as unknown;
    expect(bodyOf(answer)).toMatchObject({ errcode: -1, errmsg });
  });
});

describe('slow clients', () => {
  test('whose headers do not end are cut off with 408', async () => {
    const { url } = await openRelay({ timeouts: { headers: 50, request: 50 } });
    const answer = await raw(url, 'GET /healthz HTTP/1.1\r\nHost: x\r\n').received;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    const errmsg = expect.stringContaining('it came too slowly') as unknown;
    expect(bodyOf(answer)).toMatchObject({ errcode: -1, errmsg });
  });

  test.each([
    ['application/json', '/session', '{"cred'],
    ['application/octet-stream', '/files', 'xxx'],
    [
      'multipart/form-data; boundary=b',
      '/files',
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nxx',
    ],
  ])('whose %s body stalls are cut off with 408, and nothing is kept', async (type, path, start) => {
    const relay = await openRelay({ timeouts: { stall: 50 } });
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await relay.signIn()}\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\n\r\n`;
    const answer = await raw(relay.url, head + start).received;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(bodyOf(answer)).toMatchObject({ errcode: -1 });
    expect(relay.files()).toEqual([]);
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
  });

  test.each(['3456789', ''])(
    'who were answered early keep no connection: rest of the body %j',
    async (rest) => {
      const { url, app } = await openRelay({ timeouts: { stall: 50 } });
      app.server.keepAliveTimeout = 50;
      const head =
        'POST /invoke HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n';
      const { socket, received } = raw(url, `${head}012`);
      await once(socket, 'data');
      socket.write(rest);
      expect(await received).toMatch(/^HTTP\/1\.1 401 /);
    },
  );

  test('are not those whose next request takes its time, though it was there before the first answer', async () => {
    const { url, app } = await openRelay({
      timeouts: { stall: 50 },
      authenticate: () => new Promise((resolve) => setTimeout(resolve, 200)),
    });
    app.server.keepAliveTimeout = 50;
    const body = '{"credential":{"type":"a","value":"b"}}';
    const next = `POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answers = await raw(url, `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${next}`).received;
    expect(answers).toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 401 /);
  });

  test('who take nothing of their answer are cut off', async () => {
    const relay = await openRelay({ timeouts: { stall: 500 } });
    const sent = await relay.send(new Uint8Array(15 * 1024 * 1024), await relay.signIn(), 'text/plain');
    const { pathname } = new URL(((await sent.json()) as { url: string }).url);
    const connected = once(relay.app.server, 'connection');
    const { socket } = raw(relay.url, `GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.pause();
    const [connection] = (await connected) as [Socket];
    await once(connection, 'close');
  });
});

test('a preflight that lacks its headers is answered without a word, and allows other origins nothing', async () => {
  const { url } = await openRelay({ allowedOrigins: ['https://m.example.com'] });
  for (const origin of ['https://m.example.com', 'https://x.example']) {
    const reply = await fetch(`${url}/session`, { method: 'OPTIONS', headers: { origin } });
    const allowed = origin === 'https://m.example.com' ? origin : null;
    expect([reply.status, await reply.text(), reply.headers.get('access-control-allow-origin')]).toEqual([
      204,
      '',
      allowed,
    ]);
  }
});

describe('CORS', () => {
  const origin = 'https://m.example.com';
  test.each([
    ['a listed origin', [origin], origin],
    ['another origin', ['https://other.example'], null],
    ['no list', [], null],
  ])('%s', async (_name, allowedOrigins, expected) => {
    const { url } = await openRelay({ allowedOrigins });
    const headers = { origin, 'access-control-request-method': 'POST' };
    const reply = await fetch(`${url}/session`, { method: 'OPTIONS', headers });
    const plain = await fetch(`${url}/healthz`, { headers: { origin } });
    expect(plain.headers.get('access-control-allow-origin')).toBe(expected);
    expect(reply.headers.get('access-control-allow-origin')).toBe(expected);
  });
});

test('the log tells routes and statuses, never a token, a credential or a file id', async () => {
  const { app, url, log, send, signIn, post } = await openRelay();
  const token = await signIn('SECRET-NAME');
  const file = (await (await send(form('x'), token)).json()) as { url: string };
  await fetch(file.url);
  await post('/session', { credential: { type: 'SECRET', value: 'SECRET' } });
  await fetch(`${url}/SECRET?token=SECRET`);
  // A line is written when its answer has gone out, which the client may see first.
  await app.close();
  const text = log.join('');
  for (const secret of [token, file.url.slice(-71), 'SECRET']) expect(text).not.toContain(secret);
  const lines = log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'answered');
  expect(lines.map(({ req, status }) => `${req.method} ${req.route} ${status}`).sort()).toEqual([
    'GET /files/:id 200',
    'GET undefined 404',
    'POST /files 200',
    'POST /session 200',
    'POST /session 401',
  ]);
});

describe('starting and stopping', () => {
  const authenticate = (): string => 'ann';
  test.each([
    ['authenticate', { authenticate: undefined }],
    ['fileTtl', { fileTtl: 0 }],
    ['sessionTtl', { sessionTtl: 1.5 }],
    ['publicUrl', { publicUrl: 'ftp://x' }],
    ['publicUrl', { publicUrl: 'https://x/?a=b' }],
    ['allowedOrigins', { allowedOrigins: ['*'] }],
    ['limits.callsPerHour', { limits: { callsPerHour: -1 } }],
    ['limits.file', { limits: { file: 1 } }],
    ['timeouts.stall', { timeouts: { stall: NaN } }],
    ['timeouts.request', { timeouts: { request: 2 ** 31 } }],
    ['trustProxy', { trustProxy: 'lb.internal' }],
    ['trustProxy', { trustProxy: ['10.0.0.0/8', '10.0.0.0/33'] }],
    ['tls', { tls: { key: 'x', cert: 'y' } }],
  ])('a wrong %s is named', async (name, options) => {
    await expect(createRelay({ authenticate, ...options } as never)).rejects.toThrow(
      new RegExp(`^Failed to start the relay: .*\\b${name}\\b`),
    );
  });

  test('a million slashes behind publicUrl are cut off at once', async () => {
    // A search from each of them would outlast the test.
    const relay = await openRelay({
      publicUrl: `https://m.example.com${'/'.repeat(1_000_000)}x${'/'.repeat(1_000_000)}`,
    });
    const sent = await relay.send(form('x'), await relay.signIn());
    expect(((await sent.json()) as { url: string }).url).toMatch(
      /^https:\/\/m\.example\.com\/+x\/files\/[\w-]+$/,
    );
  });

  test('startRelay listens, and close() lets an upload under way finish', async () => {
    const relay = await startRelay({ authenticate, port: 0, logger: false });
    cleanUpAfterTest(() => relay.close());
    const credential = { type: 'a', value: 'b' };
    const reply = await fetch(`${relay.url}/session`, {
      method: 'POST',
      body: JSON.stringify({ credential }),
      headers: { 'content-type': 'application/json' },
    });
    const { token } = (await reply.json()) as { token: string };
    const { socket, received } = raw(
      relay.url,
      `POST /files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = relay.close();
    socket.write('done');
    expect(await received).toMatch(/HTTP\/1\.1 200 OK[^]*"url":/);
    await closed;
    await expect(fetch(`${relay.url}/healthz`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  test('close() cuts off what does not finish in time', async () => {
    const relay = await startRelay({ authenticate, port: 0, logger: false, grace: 20 });
    const { received, socket } = raw(
      relay.url,
      'POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    await relay.close();
    expect(await received).not.toContain('200 OK');
  });

  test('close() leaves no timer that would keep the process', async () => {
    const set = jest.spyOn(global, 'setTimeout');
    const cleared = jest.spyOn(global, 'clearTimeout');
    const relay = await startRelay({ authenticate, port: 0, logger: false, grace: 123_456 });
    await relay.close();
    const at = set.mock.calls.findIndex(([, ms]) => ms === 123_456);
    expect(cleared).toHaveBeenCalledWith(set.mock.results[at].value);
  });

  test('a port in use is an error, and leaves nothing open', async () => {
    const first = await startRelay({ authenticate, port: 0, logger: false });
    cleanUpAfterTest(() => first.close());
    await expect(
      startRelay({ authenticate, port: Number(new URL(first.url).port), logger: false }),
    ).rejects.toThrow('EADDRINUSE');
  });
});

test('/readyz is 503 while files cannot be stored: its text tells no path, the log the store; /healthz is 200', async () => {
  const { url } = await openRelay();
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ok' });
  const folder = temporaryFolder();
  const broken = await openRelay({ folder });
  // Not all of it: the relay's lock is there too, and its loss is another reason to refuse.
  rmSync(join(folder, 'files'), { recursive: true });
  expect(await refusal(await fetch(`${broken.url}/readyz`), 503, -2)).not.toContain(folder);
  expect(await refusal(await broken.send('x', await broken.signIn(), 'text/plain'), 503, -2)).not.toContain(
    folder,
  );
  expect(broken.log.join('')).toContain('Failed to use the store of files');
  expect((await fetch(`${broken.url}/healthz`)).status).toBe(200);
});

test('/readyz is 503 while no access token can be got, where something can be called', async () => {
  const upstream = await openUpstream();
  const openApi = createOpenApi({ appid: 'wxapp', secret: 'wrong-secret', baseUrl: upstream.url });
  const calling = await openRelay({ openApi, services: { s: ['a'] } });
  await refusal(await fetch(`${calling.url}/readyz`), 503, -2);
  expect(calling.log.join('')).toContain("Failed to use the platform's access token");
  // Whoever asks again does not ask the platform again.
  await refusal(await fetch(`${calling.url}/readyz`), 503, -2);
  expect(upstream.count('/cgi-bin/stable_token')).toBe(1);
  expect((await fetch(`${calling.url}/healthz`)).status).toBe(200);

  const filesOnly = await openRelay({ openApi });
  expect((await fetch(`${filesOnly.url}/readyz`)).status).toBe(200);
});
