import { createDecipheriv } from 'node:crypto';
import { cleanUpAfterTest } from '../support/cleanup';
import { createPlatformServer, ProviderError } from '../../src/simulator';
import type { Any, PlatformOptions, PlatformServer } from '../../src/simulator';
import { until } from '../support/until';

/** The platform's server on loopback (protocol 11 and 14). */

const APP = { appid: 'wxapp', secret: 'S' };
const OFFICIAL = { appid: 'wxofficial', secret: 'O' };

async function start(options: Partial<PlatformOptions> = {}): Promise<PlatformServer> {
  const server = await createPlatformServer({ ...APP, ...options });
  cleanUpAfterTest(() => server.close());
  return server;
}

const get = async (server: PlatformServer, path: string): Promise<Any> =>
  (await fetch(server.origin + path)).json();

async function post(server: PlatformServer, path: string, body: unknown, token?: string): Promise<Any> {
  const query = token === undefined ? '' : `?access_token=${token}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (await fetch(`${server.origin}${path}${query}`, { method: 'POST', body: text })).json();
}

async function tokenOf(server: PlatformServer, account = APP): Promise<string> {
  const body = { grant_type: 'client_credential', ...account };
  return (await post(server, '/cgi-bin/stable_token', body)).access_token as string;
}

describe('access tokens', () => {
  const plain = `/cgi-bin/token?grant_type=client_credential&appid=${APP.appid}&secret=${APP.secret}`;

  test('a plain token ends the one before it, a stable one is the same for all', async () => {
    const server = await start();
    const first = await get(server, plain);
    expect(first).toEqual({ access_token: expect.any(String), expires_in: 7200 });
    const second = await get(server, plain);
    const call = { service: 's', api: 'a', client_msg_id: 'm' };
    expect(await post(server, '/wxa/servicemarket', call, first.access_token)).toMatchObject({
      errcode: 40001,
    });
    expect(await post(server, '/wxa/servicemarket', call, second.access_token)).toMatchObject({ errcode: 0 });
    const stable = await tokenOf(server);
    expect(await tokenOf(server)).toBe(stable);
    const forced = await post(server, '/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      ...APP,
      force_refresh: true,
    });
    expect(forced.access_token).not.toBe(stable);
    expect(server.tokens()).toHaveLength(4);
  });

  test.each([
    ['/cgi-bin/token?grant_type=x', 40002],
    ['/cgi-bin/token?grant_type=client_credential&secret=S', 41002],
    ['/cgi-bin/token?grant_type=client_credential&appid=wxapp', 41004],
    ['/cgi-bin/token?grant_type=client_credential&appid=wxno&secret=S', 40013],
    ['/cgi-bin/token?grant_type=client_credential&appid=wxapp&secret=no', 40125],
    ['/wxa/servicemarket', 43002],
    ['/no/such', 40066],
    ['//', 40066],
  ])('GET %s is %i', async (path, errcode) => {
    expect(await get(await start(), path)).toEqual({ errcode, errmsg: expect.any(String) });
  });

  test('missing, expired, revoked and foreign tokens', async () => {
    const server = await start({ official: OFFICIAL });
    const errcode = async (token?: string): Promise<number> =>
      (await post(server, '/wxa/servicemarketretrieve', {}, token)).errcode as number;
    expect(await errcode()).toBe(41001);
    expect(await errcode('made-up')).toBe(40001);
    expect(await errcode(await tokenOf(server, OFFICIAL))).toBe(40001);
    const token = await tokenOf(server);
    server.expireTokens();
    expect(await errcode(token)).toBe(42001);
    const next = await tokenOf(server);
    expect(next).not.toBe(token);
    server.revokeTokens();
    expect(await errcode(next)).toBe(40001);
  });

  test('tokenLife 0 expires at once', async () => {
    const server = await start({ tokenLife: 0 });
    const reply = await post(server, '/wxa/servicemarket', {}, await tokenOf(server));
    expect(reply.errcode).toBe(42001);
  });
});

describe('sessions', () => {
  const path = (code: string, secret = APP.secret): string =>
    `/sns/jscode2session?appid=${APP.appid}&secret=${secret}&js_code=${code}&grant_type=authorization_code`;

  test('a code is good once', async () => {
    const server = await start();
    const code = server.issueCode('user-1');
    expect(await get(server, path(code, 'no'))).toMatchObject({ errcode: 40125 });
    expect(await get(server, path(code))).toEqual({ openid: 'user-1', session_key: expect.any(String) });
    expect(await get(server, path(code))).toMatchObject({ errcode: 40163 });
    expect(await get(server, path('made-up'))).toMatchObject({ errcode: 40029 });
  });

  test('an old code is refused', async () => {
    const server = await start({ codeLife: -1 });
    expect(await get(server, path(server.issueCode()))).toMatchObject({ errcode: 40029 });
  });

  test('encrypted data opens with the session key and names the app', async () => {
    const server = await start();
    const { session_key: key } = await get(server, path(server.issueCode('u')));
    const { encryptedData, iv } = server.encryptFor('u', { phoneNumber: '123' });
    const open = createDecipheriv('aes-128-cbc', Buffer.from(key, 'base64'), Buffer.from(iv, 'base64'));
    const text = open.update(encryptedData, 'base64', 'utf8') + open.final('utf8');
    expect(JSON.parse(text)).toMatchObject({ phoneNumber: '123', watermark: { appid: 'wxapp' } });
    expect(() => server.encryptFor('nobody', {})).toThrow('no such user. Issue a code first.');
  });
});

describe('the service market', () => {
  const CALL = { service: 'wxS', api: 'A', data: { k: 1 }, client_msg_id: 'm1' };

  test('answers data as JSON text, from an object or from text', async () => {
    const server = await start();
    const token = await tokenOf(server);
    expect(await post(server, '/wxa/servicemarket', CALL, token)).toEqual({
      errcode: 0,
      errmsg: 'ok',
      data: '{"k":1}',
    });
    const text = { ...CALL, data: '{"k":2}' };
    expect(await post(server, '/wxa/servicemarket', text, token)).toMatchObject({ data: '{"k":2}' });
    expect(server.market.bills).toMatchObject([
      { id: 'm1', by: 'wxapp', channel: 'https', service: 'wxS' },
      { id: 'm1' },
    ]);
  });

  test('per id a repeat gets the same answer and no second bill', async () => {
    let runs = 0;
    const server = await start({ billing: 'perId', providers: { '*': () => ++runs } });
    const token = await tokenOf(server);
    const replies = [
      await post(server, '/wxa/servicemarket', CALL, token),
      await post(server, '/wxa/servicemarket', CALL, token),
    ];
    expect(replies.map(({ data }) => data)).toEqual(['1', '1']);
    expect(server.market.bills).toHaveLength(1);
  });

  test('a long task is accepted, then retrieved under a request id of its own', async () => {
    const server = await start({ providers: { '*': (data) => data } });
    const token = await tokenOf(server);
    const accepted = await post(server, '/wxa/servicemarket', { ...CALL, async: true }, token);
    expect(accepted).toEqual({ errcode: 0, errmsg: 'ok', request_id: expect.any(String) });
    const { request_id } = accepted;
    const done = await post(server, '/wxa/servicemarketretrieve', { request_id }, token);
    expect(done).toMatchObject({ errcode: 0, data: '{"k":1}', status: 0 });
    expect(done.request_id).not.toBe(request_id);
    expect(await post(server, '/wxa/servicemarketretrieve', { request_id: 'no' }, token)).toMatchObject({
      errcode: -3,
    });
  });

  test.each([
    ['oops', 47001],
    [{ ...CALL, service: undefined }, -1],
    [{ ...CALL, client_msg_id: '' }, -1],
    [{ ...CALL, api: 'down' }, -8],
    [{ ...CALL, api: 'broken' }, -3],
  ])('%j is an error', async (body, errcode) => {
    const server = await start({
      providers: {
        'wxS/down': () => Promise.reject(new ProviderError(-8, 'down')),
        'wxS/broken': () => {
          throw new Error('oops');
        },
      },
    });
    expect(await post(server, '/wxa/servicemarket', body, await tokenOf(server))).toMatchObject({ errcode });
  });

  test('the quota ends in 45009', async () => {
    const server = await start({ quota: 1 });
    const token = await tokenOf(server);
    expect(await post(server, '/wxa/servicemarket', CALL, token)).toMatchObject({ errcode: 0 });
    expect(await post(server, '/wxa/servicemarket', CALL, token)).toMatchObject({ errcode: 45009 });
  });
});

describe('the other calls', () => {
  const MESSAGE = { touser: 'u', template_id: 'TEMPLATE', data: { a: { value: 'x' } } };
  const soon = Math.floor(Date.now() / 1000) + 100;
  const cases: [string, object, number][] = [
    ['/wxa/msg_sec_check', { content: 'fine' }, 0],
    ['/wxa/msg_sec_check', { content: 'RISKY' }, 87014],
    ['/wxa/msg_sec_check', {}, 44004],
    ['/wxa/msg_sec_check', { content: 'x'.repeat(512001) }, 45002],
    ['/wxa/img_sec_check', {}, 41005],
    ['/wxa/getwxacodeunlimit', { scene: 'x'.repeat(33) }, 40169],
    ['/wxa/getwxacodeunlimit', { scene: 'a', page: 'pages/no' }, 41030],
    ['/wxa/getwxacodeunlimit', { scene: 'a', width: 9 }, 40097],
    ['/wxa/generatescheme', { is_expire: true, expire_time: soon }, 0],
    ['/wxa/generatescheme', { is_expire: true, expire_time: 1 }, 85401],
    ['/wxa/generatescheme', { is_expire: true, expire_time: soon + 366 * 24 * 3600 }, 85401],
    ['/cgi-bin/message/subscribe/send', MESSAGE, 0],
    ['/cgi-bin/message/subscribe/send', { ...MESSAGE, touser: 'nobody' }, 40003],
    ['/cgi-bin/message/subscribe/send', { ...MESSAGE, touser: 'refuser' }, 43101],
    ['/cgi-bin/message/subscribe/send', { ...MESSAGE, template_id: 'no' }, 40037],
    ['/cgi-bin/message/subscribe/send', { ...MESSAGE, data: { a: 'x' } }, 47003],
    ['/cgi-bin/message/subscribe/send', { ...MESSAGE, page: 'pages/no?x=1' }, 41030],
    [
      '/cgi-bin/message/wxopen/template/uniform_send',
      { touser: 'u', mp_template_msg: { ...MESSAGE, appid: 'wxofficial' } },
      0,
    ],
    [
      '/cgi-bin/message/wxopen/template/uniform_send',
      { touser: 'u', mp_template_msg: { ...MESSAGE, appid: 'wxno' } },
      40013,
    ],
    ['/cgi-bin/message/wxopen/template/send', { ...MESSAGE, form_id: 'f' }, 41028],
    ['/cgi-bin/message/template/send', MESSAGE, 40001],
    ['/wxa/business/getliveinfo', { start: 0, limit: 10 }, 9410000],
    ['/wxa/business/getliveinfo', { start: 0 }, 47001],
  ];
  test.each(cases)('%s %j is %i', async (path, body, errcode) => {
    const server = await start({ official: OFFICIAL, pages: ['pages/a'], refusing: ['refuser'] });
    server.issueCode('u');
    server.issueCode('refuser');
    expect(await post(server, path, body, await tokenOf(server))).toMatchObject({ errcode });
  });

  test('messages of the official account go out with its own token', async () => {
    const server = await start({ official: OFFICIAL });
    server.issueCode('u');
    const reply = await post(
      server,
      '/cgi-bin/message/template/send',
      MESSAGE,
      await tokenOf(server, OFFICIAL),
    );
    expect(reply).toMatchObject({ errcode: 0 });
  });

  test('a mini-program code is bytes', async () => {
    const server = await start();
    const url = `${server.origin}/wxa/getwxacodeunlimit?access_token=${await tokenOf(server)}`;
    const response = await fetch(url, { method: 'POST', body: '{"scene":"a=1","width":280}' });
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(await response.text()).toBe('JPEG of a=1 at 280');
  });

  test.each([
    ['harmless', 'PNG', 0],
    ['risky', 'PNG RISKY', 87014],
    ['too large', 'x'.repeat(1024 * 1024 + 1), 40006],
  ])('a %s image', async (_kind, content, errcode) => {
    const server = await start();
    const form = new FormData();
    form.set('media', new Blob([content]), 'a.png');
    const url = `${server.origin}/wxa/img_sec_check?access_token=${await tokenOf(server)}`;
    expect(await (await fetch(url, { method: 'POST', body: form })).json()).toMatchObject({ errcode });
  });

  test('live rooms are paged', async () => {
    const server = await start({ rooms: [{ id: 1 }, { id: 2 }, { id: 3 }] });
    const reply = await post(
      server,
      '/wxa/business/getliveinfo',
      { start: 1, limit: 1 },
      await tokenOf(server),
    );
    expect(reply).toMatchObject({ room_info: [{ id: 2 }], total: 3 });
  });
});

describe('faults', () => {
  const CALL = { service: 'wxS', api: 'A', client_msg_id: 'm1' };
  const PATH = '/wxa/servicemarket';

  test.each([
    ['before', undefined, 0],
    ['after', true, 1],
  ])('a connection cut %s the work', async (_when, after, bills) => {
    const server = await start();
    const token = await tokenOf(server);
    server.fault({ path: PATH, nth: 1, effect: { cut: true, after } });
    await expect(post(server, PATH, CALL, token)).rejects.toThrow('fetch failed');
    expect(server.market.bills).toHaveLength(bills);
    expect(await post(server, PATH, CALL, token)).toMatchObject({ errcode: 0 });
    expect(server.requests.filter(({ path }) => path === PATH)).toMatchObject([
      { method: 'POST' },
      { status: 200, errcode: 0 },
    ]);
  });

  test('another answer, once', async () => {
    const server = await start();
    const token = await tokenOf(server);
    server.fault({ path: PATH, times: 1, effect: { errcode: 40001, errmsg: 'invalid' } });
    expect(await post(server, PATH, CALL, token)).toEqual({ errcode: 40001, errmsg: 'invalid' });
    expect(await post(server, PATH, CALL, token)).toMatchObject({ errcode: 0 });
  });

  test('another status', async () => {
    const server = await start();
    server.fault({ path: PATH, effect: { status: 502, body: '<html>' } });
    const response = await fetch(server.origin + PATH, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([502, '<html>']);
  });

  test('no answer at all, until the client gives up', async () => {
    const server = await start();
    const token = await tokenOf(server);
    server.fault({ path: PATH, effect: { lose: 'reply' } });
    const abort = new AbortController();
    const pending = fetch(`${server.origin}${PATH}?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify(CALL),
      signal: abort.signal,
    });
    await until(() => server.market.bills.length > 0);
    abort.abort();
    await expect(pending).rejects.toThrow('abort');
  });
});
