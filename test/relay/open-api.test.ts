import { createCipheriv } from 'node:crypto';
import { createOpenApi, type OpenApiOptions } from '../../src/openapi';
import { openUpstream } from './support/fake-upstream';
import { failureOf } from './support/failure-of';

const account = { appid: 'wxapp', secret: 'app-secret' };
const h5 = { appid: 'wxh5', secret: 'h5-secret' };

async function open(options: Partial<OpenApiOptions> = {}) {
  const upstream = await openUpstream();
  return { upstream, openApi: createOpenApi({ ...account, baseUrl: upstream.url, ...options }) };
}

test.each([0, -1, 1.5, 2 ** 31])('a time limit of %d ms is an error at once', (timeout) => {
  expect(() => createOpenApi({ ...account, timeout })).toThrow(/^Failed to .*"timeout" must be/);
});

describe('access tokens', () => {
  test('one is fetched for many calls at once, as a stable token', async () => {
    const { openApi, upstream } = await open();
    await Promise.all(Array.from({ length: 20 }, () => openApi.security.msgSecCheck({ content: 'x' })));
    expect(upstream.count('/cgi-bin/stable_token')).toBe(1);
    expect(upstream.seen[0].json).toEqual({
      grant_type: 'client_credential',
      appid: 'wxapp',
      secret: 'app-secret',
      force_refresh: false,
    });
    expect(upstream.count('/wxa/msg_sec_check')).toBe(20);
  });

  test('are fetched again before they end', async () => {
    const clock = { ms: 0 };
    const { openApi, upstream } = await open({ now: () => clock.ms });
    await openApi.security.msgSecCheck({ content: 'x' });
    clock.ms = 6_899_999;
    await openApi.security.msgSecCheck({ content: 'x' });
    expect(upstream.count('/cgi-bin/stable_token')).toBe(1);
    clock.ms = 6_900_000;
    await openApi.security.msgSecCheck({ content: 'x' });
    expect(upstream.count('/cgi-bin/stable_token')).toBe(2);
    expect(upstream.seen.at(-2)?.json.force_refresh).toBe(false);
  });

  test.each([40001, 40014, 42001])(
    'are replaced once when the platform says %i, by one fetch for all callers',
    async (errcode) => {
      const { openApi, upstream } = await open();
      await openApi.security.msgSecCheck({ content: 'first' });
      upstream.replies.set('/wxa/msg_sec_check', ({ query }) =>
        query.access_token === 'token-1' ? { errcode, errmsg: 'token' } : undefined,
      );
      await Promise.all([1, 2, 3].map((n) => openApi.security.msgSecCheck({ content: String(n) })));
      // The first, the same again, and a forced one.
      expect(upstream.count('/cgi-bin/stable_token')).toBe(3);
      expect(upstream.count('/wxa/msg_sec_check')).toBe(1 + 6);
      expect(upstream.seen.find(({ json }) => json.force_refresh)).toBeDefined();
    },
  );

  test('a second refusal is final', async () => {
    const { openApi, upstream } = await open();
    upstream.replies.set('/wxa/msg_sec_check', () => ({ errcode: 40001, errmsg: 'no' }));
    expect(await failureOf(openApi.security.msgSecCheck({ content: 'x' }))).toMatchObject({ errcode: 40001 });
    expect(upstream.count('/wxa/msg_sec_check')).toBe(2);
  });

  test("a wrong secret fails with the platform's code and without the secret; the next call tries again", async () => {
    const { openApi } = await open({ secret: 'WRONG-SECRET' });
    const error = await failureOf(openApi.security.msgSecCheck({ content: 'x' }));
    expect(error).toMatchObject({ errcode: 40125, billing: 'none', call: 'auth.getAccessToken' });
    expect(error.message).toBe('Failed to call auth.getAccessToken: 40125 invalid appsecret');
    expect(JSON.stringify(error) + error.stack).not.toContain('WRONG-SECRET');
    await failureOf(openApi.security.msgSecCheck({ content: 'x' }));
  });

  test('getAccessToken gives the cached one, or a new one on request; plain mode uses GET', async () => {
    const { openApi, upstream } = await open({ tokenMode: 'plain', now: () => 0 });
    expect(await openApi.auth.getAccessToken()).toEqual({ access_token: 'token-1', expires_in: 6900 });
    expect((await openApi.auth.getAccessToken()).access_token).toBe('token-1');
    expect((await openApi.auth.getAccessToken({ cache: false })).access_token).toBe('token-2');
    expect(upstream.seen[0]).toMatchObject({
      path: '/cgi-bin/token',
      query: { grant_type: 'client_credential' },
    });
  });
});

describe('calls go over the wire as the platform wants them:', () => {
  test('JSON calls', async () => {
    const { openApi, upstream } = await open({ h5, tokenMode: 'plain' });
    const data = { thing1: { value: 'x' } };
    const message = { touser: 'u', template_id: 't', data };
    await openApi.subscribeMessage.send({ ...message, page: 'p', miniprogram_state: 'trial' });
    await openApi.uniformMessage.send({ ...message, url: 'https://x' });
    await openApi.h5.templateMessage.send(message);
    await openApi.templateMessage.send({ ...message, form_id: 'f' });
    await openApi.livebroadcast.getLiveInfo({ pageIndex: 3, pageSize: 20 });
    await openApi.urlscheme.generate({ jump_wxa: { path: '/a', query: 'b=1' }, is_expire: false });
    await openApi.serviceMarket.invokeService({
      service: 's',
      api: 'a',
      data: { k: 1 },
      client_msg_id: 'id',
    });
    await openApi.serviceMarket.retrieve({ request_id: 'R' });
    const wire = upstream.seen.filter(({ path }) => path !== '/cgi-bin/token');
    expect(wire.map(({ path, query, json }) => [path, query.access_token, json])).toEqual([
      ['/cgi-bin/message/subscribe/send', 'token-1', { ...message, page: 'p', miniprogram_state: 'trial' }],
      [
        '/cgi-bin/message/wxopen/template/uniform_send',
        'token-1',
        { touser: 'u', mp_template_msg: { appid: 'wxh5', template_id: 't', url: 'https://x', data } },
      ],
      ['/cgi-bin/message/template/send', 'h5-token', message],
      ['/cgi-bin/message/wxopen/template/send', 'token-1', { ...message, form_id: 'f' }],
      ['/wxa/business/getliveinfo', 'token-1', { start: 40, limit: 20 }],
      ['/wxa/generatescheme', 'token-1', { jump_wxa: { path: '/a', query: 'b=1' }, is_expire: false }],
      ['/wxa/servicemarket', 'token-1', { service: 's', api: 'a', data: { k: 1 }, client_msg_id: 'id' }],
      ['/wxa/servicemarketretrieve', 'token-1', { request_id: 'R' }],
    ]);
  });

  test('a picture as a form', async () => {
    const { openApi, upstream } = await open();
    await openApi.security.imgSecCheck({ base64: 'data:image/png;base64,iVBORw==' });
    const body = upstream.seen.at(-1)?.body.toString('latin1');
    expect(body).toMatch(/name="media"; filename="image"\r\n[^]*\r\n\r\n\x89PNG\r\n/);
  });

  test('a code as bytes, and its failure as an error', async () => {
    const { openApi, upstream } = await open();
    upstream.replies.set('/wxa/getwxacodeunlimit', (_request, count) =>
      count === 1 ? Buffer.from([255, 216]) : { errcode: 41030, errmsg: 'invalid page' },
    );
    expect(await openApi.wxacode.getUnlimited({ scene: 'a' })).toEqual({
      contentType: 'image/jpeg',
      buffer: Buffer.from([255, 216]),
    });
    expect(await failureOf(openApi.wxacode.getUnlimited({ scene: 'a' }))).toMatchObject({
      errcode: 41030,
      call: 'wxacode.getUnlimited',
    });
  });

  test('a login code, without any token', async () => {
    const { openApi, upstream } = await open();
    expect(await openApi.auth.code2Session({ js_code: 'good-1' })).toMatchObject({ openid: 'openid-good-1' });
    expect(upstream.seen.map(({ path }) => path)).toEqual(['/sns/jscode2session']);
    expect(await failureOf(openApi.auth.code2Session({ js_code: 'good-1' }))).toMatchObject({
      errcode: 40163,
    });
  });

  test.each<[string, (api: Awaited<ReturnType<typeof open>>['openApi']) => Promise<unknown>]>([
    ['a scene that is too long', (api) => api.wxacode.getUnlimited({ scene: 'x'.repeat(33) })],
    ['a width out of range', (api) => api.wxacode.getUnlimited({ scene: 'x', width: 279 })],
    ['a text over 500 KB', (api) => api.security.msgSecCheck({ content: '你'.repeat(180_000) })],
    ['a picture over 1 MB', (api) => api.security.imgSecCheck({ base64: 'A'.repeat(1_500_000) })],
    [
      'an end more than a year ahead',
      (api) => api.urlscheme.generate({ expire_time: Date.now() / 1000 + 400 * 86_400 }),
    ],
    [
      'h5 without an account',
      (api) => api.h5.templateMessage.send({ touser: 'u', template_id: 't', data: {} }),
    ],
    [
      'a uniform message without an account',
      (api) => api.uniformMessage.send({ touser: 'u', template_id: 't', data: {} }),
    ],
  ])('%s is refused before anything is sent', async (_name, call) => {
    const { openApi, upstream } = await open();
    expect(await failureOf(call(openApi))).toMatchObject({ billing: 'none' });
    expect(upstream.seen).toEqual([]);
  });
});

describe('failures', () => {
  const call = { service: 's', api: 'a', client_msg_id: 'id' };

  test('risky content is an error with its code', async () => {
    const { openApi, upstream } = await open();
    upstream.replies.set('/wxa/msg_sec_check', () => ({ errcode: 87014, errmsg: 'risky content' }));
    const error = await failureOf(openApi.security.msgSecCheck({ content: 'x' }));
    expect(error.message).toBe('Failed to call security.msgSecCheck: 87014 risky content');
  });

  test.each([
    ['a connection that breaks', 'reset', { billing: 'unknown', timedOut: false }],
    ['no answer', 'hang', { billing: 'unknown', timedOut: true }],
    ['an answer that is no JSON', Buffer.from('<html>'), { billing: 'unknown' }],
    ['an array', [], { billing: 'unknown' }],
  ] as const)(
    '%s: unknown whether it was carried out, and never sent again',
    async (_name, reply, expected) => {
      const { openApi, upstream } = await open({ timeout: 200 });
      upstream.replies.set('/wxa/servicemarket', () => reply as Buffer);
      expect(await failureOf(openApi.serviceMarket.invokeService(call))).toMatchObject(expected);
      expect(upstream.count('/wxa/servicemarket')).toBe(1);
    },
  );

  test('a server that cannot be reached: nothing was sent', async () => {
    const { openApi, upstream } = await open();
    await openApi.auth.getAccessToken();
    await new Promise((resolve) => {
      upstream.server.closeAllConnections();
      upstream.server.close(resolve);
    });
    const error = await failureOf(openApi.serviceMarket.invokeService(call));
    expect(error).toMatchObject({ billing: 'none' });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message + error.stack).not.toMatch(/token-1|access_token/);
  });

  test('no token: nothing was sent', async () => {
    const { openApi, upstream } = await open({ timeout: 200 });
    upstream.replies.set('/cgi-bin/stable_token', () => 'hang');
    expect(await failureOf(openApi.serviceMarket.invokeService(call))).toMatchObject({
      billing: 'none',
      timedOut: true,
    });
    expect(upstream.count('/wxa/servicemarket')).toBe(0);
  });
});

describe('decrypt.getPhoneNumber', () => {
  const key = Buffer.alloc(16, 1);
  const iv = Buffer.alloc(16, 2);
  const encrypt = (value: unknown): string => {
    const cipher = createCipheriv('aes-128-cbc', key, iv);
    return Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]).toString('base64');
  };
  const input = (value: unknown) => ({
    encryptedData: encrypt(value),
    iv: iv.toString('base64'),
    sessionKey: key.toString('base64'),
  });
  const phone = {
    phoneNumber: '+86 1',
    purePhoneNumber: '1',
    countryCode: '86',
    watermark: { appid: 'wxapp', timestamp: 1 },
  };

  test('gives the number that was made for this app', async () => {
    const { openApi } = await open();
    expect(await openApi.decrypt.getPhoneNumber(input(phone))).toEqual(phone);
  });

  test.each([
    ['another app', input({ ...phone, watermark: { appid: 'other', timestamp: 1 } })],
    ['no watermark', input({ phoneNumber: '1' })],
    ['another session key', { ...input(phone), sessionKey: Buffer.alloc(16, 9).toString('base64') }],
    ['a key of a wrong length', { ...input(phone), sessionKey: 'AA==' }],
  ])('refuses %s', async (_name, value) => {
    const { openApi } = await open();
    expect(await failureOf(openApi.decrypt.getPhoneNumber(value))).toMatchObject({
      message: expect.stringMatching(/^Failed to call decrypt\.getPhoneNumber: the data /),
      call: 'decrypt.getPhoneNumber',
      billing: 'none',
    });
  });
});

test('an account without its secret is an error at once', () => {
  expect(() => createOpenApi({ appid: 'a', secret: '' })).toThrow('"secret"');
  expect(() => createOpenApi({ appid: '', secret: 's' })).toThrow('"appid" and either');
});
