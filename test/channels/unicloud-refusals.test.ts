/** What the uniCloud function refuses, and how: as the HTTPS relay does. */
import { runInNewContext } from 'node:vm';
import { fc } from '../support/random';
import type { Any } from '../support/outcomes';
import { replaceUploads } from '../../src/functions/unicloud/files';
import { type Deployment, type DeployOptions, deployUnicloud, SECRET } from './support/deployed-unicloud';

const call = { service: 'wxSVC', api: 'API', data: '{"a":1}', client_msg_id: 'id-1' };
const OLDER = 86_400_001;
const JSON_TYPE = { 'content-type': 'application/json' };

/** The function, and a user who is signed in. */
async function open(options?: DeployOptions) {
  const deployment = await deployUnicloud(options);
  const { cloud, platform } = deployment;
  const request = (path: string, init: RequestInit = {}, token?: string): Promise<Response> => {
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...init.headers };
    return fetch(cloud.url + path, { ...init, headers });
  };
  const post = (path: string, body: unknown, token?: string): Promise<Response> =>
    request(path, { method: 'POST', body: JSON.stringify(body), headers: JSON_TYPE }, token);
  const signIn = async (user = 'ann', code = platform.issueCode(user)): Promise<string> =>
    ((await (await post('/session', { credential: { type: 'wx', value: code } })).json()) as Any).token;
  return { ...deployment, request, post, signIn, token: await signIn() };
}

/** Checks that an answer is a refusal in the relay's shape, with nothing secret in it, and gives its text. */
async function refusal(reply: Response, status: number, errcode: number, billing = 'none'): Promise<string> {
  const body: Any = await reply.json();
  expect({ status: reply.status, ...body }).toEqual({
    status,
    errcode,
    errmsg: expect.stringMatching(/^Failed to /),
    billing,
    request_id: expect.any(String),
  });
  expect(reply.headers.get('x-request-id')).toBe(body.request_id);
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  return body.errmsg;
}

function expectNoSecrets({ cloud, platform }: Deployment): void {
  const said = [...cloud.answers, ...cloud.log].join('\n');
  for (const secret of [SECRET, 'session_key', ...platform.tokens()]) expect(said).not.toContain(secret);
}

test.each([
  ['an interface that is not listed', { ...call, api: 'x' }, 403, -7],
  ['a service of Object.prototype', { ...call, service: 'constructor' }, 403, -7],
  ['no id', { ...call, client_msg_id: '' }, 400, -1],
  ['an id that is too long', { ...call, client_msg_id: 'x'.repeat(129) }, 400, -1],
  ['data that is no JSON', { ...call, data: '{' }, 400, -1],
  ['an unknown field', { ...call, consume_appid: 'wx1' }, 400, -1],
  ['files of others', { ...call, files: ['cloud://a'] }, 400, -1],
  ['"async" that is no boolean', { ...call, async: 1 }, 400, -1],
  ['a list', [call], 400, -1],
])('/invoke refuses %s, and sends nothing', async (_name, body, status, errcode) => {
  const { post, token, platform } = await open();
  await refusal(await post('/invoke', body, token), status, errcode);
  expect(platform.market.messages).toEqual([]);
});

test('bodies that are no JSON, other types and other methods', async () => {
  const { request, token } = await open();
  for (const body of ['{"a":', 'hello SECRET', '']) {
    const reply = await request('/invoke', { method: 'POST', body, headers: JSON_TYPE }, token);
    expect(await refusal(reply, 400, -1)).not.toContain('SECRET');
  }
  await refusal(await request('/invoke', { method: 'POST', body: '{}' }, token), 415, -1);
  const other = await request('/session', { method: 'PUT' });
  expect(other.headers.get('allow')).toBe('POST, DELETE');
  await refusal(other, 405, -1);
  for (const path of ['', '/nothing', '/constructor', '/files/x'])
    await refusal(await request(path), 404, -1);
});

test('no session: none, forged, revoked, expired', async () => {
  const { request, post, signIn, token, cloud } = await open();
  const none = await post('/invoke', call);
  expect(none.headers.get('www-authenticate')).toBe('Bearer');
  await refusal(none, 401, 40001);
  await refusal(await post('/invoke', call, 'x'.repeat(43)), 401, 40001);
  expect((await request('/session', { method: 'DELETE' }, token)).status).toBe(204);
  await refusal(await post('/invoke', call, token), 401, 40001);
  const second = await signIn();
  expect(JSON.stringify(cloud.database.of('sessions'))).not.toContain(second);
  for (const session of cloud.database.of('sessions')) session.until = Date.now() - 1;
  await refusal(await post('/invoke', call, second), 401, 40001);
  await cloud.tick();
  expect(cloud.database.of('sessions')).toEqual([]);
});

test('a credential that is wrong, replayed, of another kind, or cannot be checked', async () => {
  const { post, platform, cloud, ...rest } = await open();
  const signIn = (credential: unknown): Promise<Response> => post('/session', { credential });
  const code = platform.issueCode('ann');
  const accepted = await signIn({ type: 'wx', value: code });
  // Two hours, as at a relay.
  expect(await accepted.json()).toEqual({ token: expect.any(String), expires_in: 7200 });
  const ends = cloud.database.of('sessions').map(({ until }) => (until as number) - Date.now());
  expect(Math.max(...ends)).toBeGreaterThan(7_100_000);
  expect(Math.max(...ends)).toBeLessThanOrEqual(7_200_000);
  await refusal(await signIn({ type: 'wx', value: code }), 401, 40001);
  await refusal(await signIn({ type: 'wx', value: 'guess' }), 401, 40001);
  await refusal(await signIn({ type: 'jwt', value: 'x' }), 401, 40001);
  await refusal(await signIn('wx'), 400, -1);
  for (const effect of [
    { cut: true },
    { status: 200, body: 'x' },
    { errcode: -1, errmsg: 'busy' },
  ] as const) {
    platform.fault({ path: '/sns/jscode2session', times: 1, effect });
    await refusal(await signIn({ type: 'wx', value: platform.issueCode('ann') }), 502, -2);
  }
  await platform.close();
  await refusal(await signIn({ type: 'wx', value: 'code' }), 502, -2);
  expect(cloud.log).toHaveLength(4);
  expectNoSecrets({ platform, cloud, ...rest });
});

describe('files', () => {
  const form = (parts: [string, Blob | string, string?][]): FormData => {
    const body = new FormData();
    for (const [name, value, file] of parts)
      if (typeof value === 'string') body.append(name, value);
      else body.append(name, value, file);
    return body;
  };
  const photo = new Blob([Uint8Array.from([0xff, 0xd8, 13, 10, 13, 10])], { type: 'image/jpeg' });

  test.each([
    [
      'two files',
      form([
        ['file', photo, 'a'],
        ['file', photo, 'b'],
      ]),
      400,
    ],
    ['another field', form([['photo', photo, 'a']]), 400],
    ['a field that is no file', form([['file', 'text']]), 400],
    ['a type that is not taken', new Blob(['<svg/>'], { type: 'image/svg+xml' }), 415],
    ['JSON of both', new Blob(['{"text":"a","base64":"YQ=="}'], { type: 'application/json' }), 400],
    ['JSON that is no base64', new Blob(['{"base64":"a"}'], { type: 'application/json' }), 400],
    ['more than it may have', new Blob(['x'.repeat(1025)], { type: 'text/plain' }), 413],
  ])('refuses %s', async (_name, body, status) => {
    const { request, token, cloud } = await open({ settings: { maxFileSize: 1024 } });
    await refusal(await request('/files', { method: 'POST', body }, token), status, -1);
    expect(cloud.files.size).toBe(0);
  });

  test('keep their bytes, whatever their name says; without a session nothing is kept', async () => {
    const { request, token, cloud } = await open();
    const body = form([['file', photo, '../../x".html\r\n']]);
    await refusal(await request('/files', { method: 'POST', body }), 401, 40001);
    expect(cloud.files.size).toBe(0);
    const reply = await request('/files', { method: 'POST', body }, token);
    const { url, expires_at: end }: Any = await reply.json();
    expect(url).toMatch(/\/servicemarket\/[0-9a-f]{64}-[\w-]{43}\.jpg$/);
    // An hour, as at a relay.
    expect(end - Date.now() / 1000).toBeGreaterThan(3500);
    expect(end - Date.now() / 1000).toBeLessThanOrEqual(3600);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(
      Buffer.from(await photo.arrayBuffer()),
    );
  });

  test.each(['', '\r\n'])(
    'are read from a form that begins with %j, empty or with line breaks',
    async (before) => {
      const { request, token } = await open();
      const headers = { 'content-type': 'multipart/form-data; boundary="b 1"' };
      for (const content of ['', '\r\n\r\n--b', 'x\r\n']) {
        const head =
          'content-type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name="file"; filename=""';
        const body = `${before}--b 1\r\n${head}\r\n\r\n${content}\r\n--b 1--\r\n`;
        const { url }: Any = await (await request('/files', { method: 'POST', body, headers }, token)).json();
        expect(await (await fetch(url)).text()).toBe(content);
      }
    },
  );

  test('a gateway that hands bytes on as text is noticed, not believed', async () => {
    const { request, token, cloud } = await open();
    cloud.damaging = true;
    const reply = await request('/files', { method: 'POST', body: form([['file', photo, 'a']]) }, token);
    expect(await refusal(reply, 422, -1)).toContain('damaged');
    expect(cloud.files.size).toBe(0);
  });

  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  const sized = (fields: [string, string][], order: 'before' | 'after'): FormData => {
    const file: [string, Blob, string] = ['file', new Blob([bytes], { type: 'image/png' }), 'a.png'];
    return form(order === 'before' ? [...fields, file] : [file, ...fields]);
  };
  const sentAs: Record<string, (n: string) => RequestInit> = {
    'a binary body': (n) => ({
      body: bytes,
      headers: { 'content-type': 'application/octet-stream', 'x-content-bytes': n },
    }),
    text: (n) => ({
      body: 'x'.repeat(1000),
      headers: { 'content-type': 'text/plain', 'X-Content-Bytes': n },
    }),
    base64: (n) => ({
      body: JSON.stringify({ base64: Buffer.from(bytes).toString('base64') }),
      headers: { ...JSON_TYPE, 'x-content-bytes': n },
    }),
    'a form with the header': (n) => ({ body: sized([], 'after'), headers: { 'x-content-bytes': n } }),
    'a form with the field after the file': (n) => ({ body: sized([['bytes', n]], 'after') }),
    'a form with the field before the file': (n) => ({ body: sized([['bytes', n]], 'before') }),
  };
  test.each(Object.entries(sentAs))(
    '%s is stored when it is as long as was meant, else 422 and nothing is',
    async (_name, init) => {
      const { request, token, cloud } = await open();
      const send = (n: string): Promise<Response> => request('/files', { method: 'POST', ...init(n) }, token);
      expect(await (await send('1000')).json()).toMatchObject({ size: 1000 });
      expect(cloud.files.size).toBe(1);
      for (const wrong of ['999', '1001', '0']) {
        const text = await refusal(await send(wrong), 422, -1);
        expect(text).toContain(`1000 bytes came, ${wrong} were meant`);
      }
      for (const none of ['-1', '1e3', 'x']) await refusal(await send(none), 400, -1);
      expect(cloud.files.size).toBe(1);
      expect(cloud.database.of('files')).toHaveLength(1);
    },
  );

  test('of a form with more than the field beside them are refused', async () => {
    const { request, token, cloud } = await open();
    for (const fields of [
      [
        ['bytes', '1000'],
        ['bytes', '1000'],
      ],
      [['name', 'x']],
    ] as [string, string][][]) {
      await refusal(
        await request('/files', { method: 'POST', body: sized(fields, 'after') }, token),
        400,
        -1,
      );
    }
    expect(cloud.files.size).toBe(0);
  });

  test('are removed again when they cannot be written down', async () => {
    const { cloud, token, request } = await open();
    const upload = cloud.api.uploadFile;
    cloud.api.uploadFile = async (options) => {
      const reply = await upload(options);
      cloud.database.breakDown();
      return reply;
    };
    await refusal(
      await request('/files', { method: 'POST', body: form([['file', photo, 'a']]) }, token),
      500,
      -2,
    );
    expect(cloud.files.size).toBe(0);
  });
});

test.each([
  ['calls', { callsPerHour: 1 }, (n: number) => ['/invoke', { ...call, client_msg_id: `id-${n}` }]],
  ['files', { filesPerHour: 1 }, () => ['/files', { text: 'abc' }]],
  ['bytes', { bytesPerHour: 5 }, () => ['/files', { text: 'abc' }]],
  ['polls', { pollsPerHour: 1 }, () => ['/retrieve', { request_id: 'x' }]],
] as const)('holds users to their limit of %s, each for themselves', async (_name, settings, make) => {
  const { post, token, signIn } = await open({ settings });
  const ask = (n: number, as: string): Promise<Response> => post(...(make(n) as [string, object]), as);
  expect((await ask(1, token)).status).not.toBe(429);
  const over = await ask(2, token);
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
  await refusal(over, 429, -11);
  expect((await ask(3, await signIn('bob'))).status).not.toBe(429);
});

test('holds an address to its sessions', async () => {
  const { post, platform } = await open({ settings: { sessionsPerHour: 1 } });
  const credential = { type: 'wx', value: platform.issueCode('ann') };
  await refusal(await post('/session', { credential }), 429, -11);
});

test('the same id for other data: 409, and what was sent before may have been billed', async () => {
  const { post, token, platform } = await open();
  expect(await (await post('/invoke', call, token)).json()).toEqual({
    errcode: 0,
    errmsg: 'ok',
    data: '{"a":1}',
  });
  await refusal(await post('/invoke', { ...call, data: '{"a":2}' }, token), 409, -1, 'unknown');
  await refusal(await post('/invoke', { ...call, async: true }, token), 409, -1, 'unknown');
  expect(platform.market.bills).toHaveLength(1);
});

test('what never left says so; what was refused by the platform is its own answer', async () => {
  const { post, token, platform, ...rest } = await open();
  platform.fault({ path: '/cgi-bin/stable_token', times: 1, effect: { errcode: 40125, errmsg: SECRET } });
  expect(await refusal(await post('/invoke', call, token), 502, -2)).toContain('nothing was sent or billed');
  platform.market.refuse = () => ({ errcode: 9301010, errmsg: 'no balance' });
  for (let i = 0; i < 2; i++) {
    const reply: Any = await (await post('/invoke', call, token)).json();
    expect(reply).toMatchObject({ errcode: 9301010, errmsg: 'no balance' });
  }
  expectNoSecrets({ platform, ...rest });
});

test('without its database: 503, nothing was sent, the cause in the log alone', async () => {
  const { request, post, token, cloud, platform, ...rest } = await open();
  expect(await (await request('/healthz')).json()).toEqual({ status: 'ok' });
  cloud.database.breakDown();
  await refusal(await request('/healthz'), 503, -2);
  await refusal(await post('/invoke', call, token), 503, -2);
  await refusal(await post('/files', { text: 'x' }, token), 503, -2);
  expect(cloud.answers.join()).not.toContain('cannot be reached');
  expect(cloud.log.join()).toContain('the database cannot be reached');
  expect(platform.market.messages).toEqual([]);
  expectNoSecrets({ cloud, platform, ...rest });
});

test('without an account every request is refused; by callFunction nobody is served', async () => {
  const { cloud } = await deployUnicloud({ modules: {} });
  await refusal(await fetch(`${cloud.url}/healthz`), 503, -2);
  const event = { path: '/healthz', httpMethod: 'GET', headers: {} };
  await expect(cloud.main(event, { SOURCE: 'client' })).rejects.toThrow('by its URL only');
});

test('the timer removes what is older than a day: outcomes, limits, files', async () => {
  const { post, token, cloud } = await open();
  await post('/invoke', call, token);
  await post('/files', { text: 'old' }, token);
  const names = ['calls', 'limits', 'files'];
  await cloud.tick();
  for (const name of names) expect(cloud.database.of(name)).not.toEqual([]);
  await post('/files', { text: 'new' }, token);
  for (const name of names) for (const document of cloud.database.of(name)) document.at -= OLDER;
  cloud.database.of('files')[1].at += OLDER;
  await cloud.tick();
  expect(cloud.database.of('calls')).toEqual([]);
  expect(cloud.database.of('limits')).toEqual([]);
  expect([...cloud.files.values()].map(String)).toEqual(['new']);
});

test('a file that cannot be removed holds up no other', async () => {
  const { post, token, cloud } = await open();
  await post('/files', { text: 'stuck' }, token);
  await post('/files', { text: 'old' }, token);
  const [{ fileID }] = cloud.database.of('files');
  for (const document of cloud.database.of('files')) document.at -= OLDER;
  const remove = cloud.api.deleteFile;
  jest
    .spyOn(cloud.api, 'deleteFile')
    .mockImplementation((files) =>
      files.fileList[0] === fileID ? Promise.reject(new Error('x')) : remove(files),
    );
  await cloud.tick();
  expect([...cloud.files.values()].map(String)).toEqual(['stuck']);
  cloud.database.of('files')[0].at -= OLDER;
  jest.restoreAllMocks();
  await cloud.tick();
  expect(cloud.files.size).toBe(0);
});

test('data of a megabyte that looks like the start of URLs is read in linear time', async () => {
  const text = 'https://'.repeat(131072);
  // Quadratic, it would take a minute.
  expect(runInNewContext('replaceUploads(text)', { replaceUploads, text }, { timeout: 10_000 })).toBe(text);
});

test('whatever a request holds, it is answered in the relay’s shape, and nothing unlisted is sent', async () => {
  const { cloud, token, platform } = await open();
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant(JSON.stringify(call)));
  const types = [
    'application/json',
    'text/plain',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    '',
  ];
  const event = fc.record(
    {
      path: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom('/invoke', '/files', '/session', '/retrieve', '/healthz') },
        { weight: 1, arbitrary: fc.string() },
      ),
      httpMethod: fc.constantFrom('GET', 'POST', 'POST', 'OPTIONS', '__proto__'),
      headers: fc.record(
        {
          'Content-Type': fc.constantFrom(...types),
          Authorization: fc.constantFrom(`Bearer ${token}`, 'Bearer'),
        },
        { requiredKeys: [] },
      ),
      body: fc.oneof(
        text,
        text.map((body) => Buffer.from(body).toString('base64')),
        fc.constant(null),
      ),
      isBase64Encoded: fc.constantFrom(true, false, 'true', 'false', undefined),
    },
    { requiredKeys: [] },
  );
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(event, async (given) => {
      const { statusCode, body } = await cloud.main(given, { SOURCE: 'http' });
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      expect(statusCode).toBeLessThan(500);
      if (statusCode >= 400)
        expect(JSON.parse(body)).toMatchObject({ errcode: expect.any(Number), billing: 'none' });
    }),
    { numRuns: 3000 },
  );
  // Not all of them were refused at the door.
  expect(statuses.get(200)).toBeGreaterThan(30);
  expect(statuses.get(401)).toBeGreaterThan(30);
  expect(platform.market.bills.length).toBeLessThanOrEqual(1);
  expect(cloud.log).toEqual([]);
});
