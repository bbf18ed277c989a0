/** The playground's server: whom it answers, and that the real relay and OCR service are behind it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { startPlayground, type Playground } from '../../src/playground/server/start-playground';
import { cleanUpAfterSuite } from '../support/cleanup';
import { ROOT, temporaryFolder } from '../support/files';
import { otherLetter } from '../support/letters';

const TOKEN = 'x-playground-token';
const PICTURE = readFileSync(join(ROOT, 'demo-miniprogram/sample.png'));
const FILES = {
  'site/index.html': '<meta name="token" content="__PLAYGROUND_TOKEN__">',
  'site/page.js': '// page',
  secret: 'not for the page',
};

let playground: Playground;
let port: number;
let token: string;

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request as it is: fetch would set Host and clean the path. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const request = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(parts).toString('utf8'),
  };
}

/** A call as the page makes it. */
async function call(name: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const own = { [TOKEN]: token, 'content-type': 'application/json', origin: playground.url.slice(0, -1) };
  return send('POST', `/api/${name}`, { ...own, ...headers }, JSON.stringify(body));
}

beforeAll(async () => {
  const folder = temporaryFolder(FILES, cleanUpAfterSuite);
  playground = await startPlayground({ port: 0, folder: join(folder, 'site') });
  cleanUpAfterSuite(() => playground.close());
  port = Number(new URL(playground.url).port);
  token = /content="(.+)"/.exec((await send('GET', '/')).body)?.[1] ?? '';
});

test('gives its own page to this machine, with the token of this run', async () => {
  expect(token).toMatch(/^[\w-]{32}$/);
  const page = await send('GET', '/page.js');
  expect(page).toMatchObject({ status: 200, body: '// page' });
  expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  expect(page.headers['access-control-allow-origin']).toBeUndefined();
  expect(await send('HEAD', '/page.js')).toMatchObject({ status: 200, body: '' });
  expect(await send('GET', '/', { host: `localhost:${port}` })).toMatchObject({ status: 200 });
});

test.each([
  'rebound.example.com',
  'rebound.example.com:80',
  '127.0.0.1',
  '127.0.0.1:1',
  'localhost.:80',
  ':',
])('refuses the Host %j, for its page too', async (host) => {
  expect(await send('GET', '/', { host })).toMatchObject({ status: 403, body: 'wrong Host' });
  expect(await call('login', {}, { host })).toMatchObject({ status: 403 });
});

test.each(['https://foreign.example.com', 'null', 'http://localhost:1', 'http://127.0.0.1'])(
  'refuses the Origin %j',
  async (origin) => {
    expect(await call('login', {}, { origin })).toMatchObject({ status: 403, body: 'foreign Origin' });
    expect(await send('GET', '/', { origin })).toMatchObject({ status: 403 });
    expect(await send('OPTIONS', '/api/login', { origin })).toMatchObject({ status: 403 });
    expect(await send('POST', '/relay/session', { origin, [TOKEN]: token })).toMatchObject({ status: 403 });
  },
);

test('gives the frame of the phone, whose Origin is null, its script and not the page with the token', async () => {
  expect(await send('GET', '/page.js', { origin: 'null' })).toMatchObject({ status: 200 });
  expect(await send('GET', '/', { origin: 'null' })).toMatchObject({ status: 403 });
  expect(await send('GET', '/index.html', { origin: 'null' })).toMatchObject({ status: 403 });
  const foreign = await send('GET', '/page.js', { origin: 'https://foreign.example.com' });
  expect(foreign).toMatchObject({ status: 403 });
});

test('refuses a call without the token, with another one, and with one that is longer', async () => {
  for (const wrong of ['', `${token}x`, token.replace(/./, otherLetter)]) {
    expect(await call('login', {}, { [TOKEN]: wrong })).toMatchObject({ status: 403, body: 'wrong token' });
  }
  expect(await send('POST', '/relay/session')).toMatchObject({ status: 403, body: 'wrong token' });
  expect(await send('GET', '/relay/healthz')).toMatchObject({ status: 403 });
  expect(await send('GET', `/api/login?${TOKEN}=${token}`)).toMatchObject({ status: 403 });
});

test.each([
  '/../secret',
  '/%2e%2e/secret',
  '/..%2fsecret',
  '/page.js/../../secret',
  '/.%00./secret',
  '//etc/passwd',
])('has nothing at %s', async (path) => {
  const { status, body } = await send('GET', path, { [TOKEN]: token });
  expect(status).toBe(404);
  expect(body).not.toContain('not for the page');
});

test('changes nothing by a GET, and takes no form', async () => {
  for (const name of ['login', 'settings', 'provide', 'traffic']) {
    expect(await send('GET', `/api/${name}`, { [TOKEN]: token })).toMatchObject({ status: 405 });
  }
  expect(await send('POST', '/page.js', { [TOKEN]: token })).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await call('login', {}, form)).toMatchObject({ status: 415 });
  expect(await call('constructor', {})).toMatchObject({ status: 404 });
  expect(await call('settings', { billing: 'never' })).toMatchObject({ status: 400 });
  const large = await send(
    'POST',
    '/api/provide',
    { [TOKEN]: token, 'content-type': 'application/json' },
    `"${'x'.repeat(16 * 1024 * 1024)}"`,
  );
  expect(large).toMatchObject({ status: 413 });
});

test('reads a picture that a phone has uploaded, and fetches none from elsewhere', async () => {
  const url = 'https://cdn.simulator.test/1-a';
  const ocr = { service: 'wx79ac3de8be320b71', api: 'OcrAllInOne' };
  const data = { img_url: url, data_type: 3, ocr_type: 8 };
  const { body } = await call('provide', { ...ocr, data, files: { [url]: PICTURE.toString('base64') } });
  const { items } = JSON.parse(body).value.ocr_comm_res;
  expect(items.map(({ text }: { text: string }) => text)).toContain('CORNER BOOKSHOP');

  const elsewhere = { ...data, img_url: playground.url };
  const refused = await call('provide', { ...ocr, data: elsewhere });
  expect(JSON.parse(refused.body).error).toContain('the playground reads only what was uploaded in it');
  const unknown = await call('provide', { service: 'toString', api: 'x', data });
  expect(JSON.parse(unknown.body).error).toContain('nothing provides it');
});

test('hands calls on to a real relay, whose bills it tells', async () => {
  await call('settings', { billing: 'perId' });
  const { code } = JSON.parse((await call('login', {})).body);
  const relay = (path: string, body: object, session?: string): Promise<Answer> =>
    send(
      'POST',
      `/relay${path}`,
      {
        [TOKEN]: token,
        'content-type': 'application/json',
        ...(session ? { authorization: `Bearer ${session}` } : {}),
      },
      JSON.stringify(body),
    );
  const opened = await relay('/session', { credential: { type: 'wx', value: code } });
  const { token: session } = JSON.parse(opened.body);
  expect([opened.status, typeof session]).toEqual([200, 'string']);
  const invoke = {
    service: 'wxee446d7507c68b11',
    api: 'msgSecCheck',
    client_msg_id: 'playground-1',
    data: JSON.stringify({ Action: 'TextApproval', Text: 'hello' }),
  };
  expect(await relay('/invoke', invoke)).toMatchObject({ status: 401 });
  const first = await relay('/invoke', invoke, session);
  const again = await relay('/invoke', invoke, session);
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.body).toBe(first.body);
  const { bills, messages } = JSON.parse((await call('traffic', {})).body);
  expect(bills).toMatchObject([
    {
      service: 'wxee446d7507c68b11',
      api: 'msgSecCheck',
      id: expect.stringMatching(/^playground-1_/) as string,
    },
  ]);
  expect(messages).toHaveLength(1);
  expect(JSON.parse((await call('traffic', { messages: 1, bills: 1 })).body)).toEqual({
    messages: [],
    bills: [],
  });
});
