/** Pages over the uniCloud function: the runtime's own relay channel, unchanged. */
import { createOpenApi } from '../../src/openapi';
import { BILLINGS, ended, outcome, sent } from './support/backend';
import { deployUnicloud, SECRET } from './support/deployed-unicloud';
import { cleanUpAfterTest } from '../support/cleanup';
import { expectOver } from '../support/hosts';
import type { Any } from '../support/outcomes';
import { until } from '../support/until';

const HASTY = { limits: { messageTimeout: 300, pollInterval: 10, repeats: 60 } };

/** Where the data has URLs, what they lead to. */
const FETCHING = {
  'wxSVC/API': async (data: Any, { fetch }: Any) =>
    Promise.all(data.images.map(async (url: string) => Buffer.from(await fetch(url)).toString())),
};

describe.each(['aliyun', 'tencent'] as const)('on %s', (provider) => {
  test('a file, bytes and a text reach the service by URLs of the storage', async () => {
    const { cloud, page, platform } = await deployUnicloud({ provider, platform: { providers: FETCHING } });
    const host = page();
    const bytes = host.run('return new Uint8Array([0xff, 0x00, 0x31]).buffer');
    const images = [
      host.mark({ type: 'filePath', filePath: 'wxfile://tmp_a.png' }),
      host.mark(bytes),
      host.mark('text \ufffd'),
    ];
    const { result } = await outcome(host, { data: { images } });
    expect(result.data).toEqual(['PNG-A', Buffer.from([0xff, 0, 0x31]).toString(), 'text \ufffd']);
    expect(cloud.files.size).toBe(3);
    for (const path of cloud.files.keys())
      expect(path).toMatch(/^servicemarket\/[0-9a-f]{64}-[\w-]{43}(\.png|\.txt)?$/);
    expect(platform.market.bills).toHaveLength(1);
  });

  test('bytes that the gateway hands on as text go again as base64', async () => {
    const { cloud, page, platform } = await deployUnicloud({ provider });
    cloud.damaging = true;
    const host = page();
    const bytes = host.run('return Uint8Array.from({ length: 256 }, function (_, i) { return i }).buffer');
    const { error } = await outcome(host, { data: { images: [host.mark(bytes)] } });
    expect(error).toBeUndefined();
    expect([...cloud.files.values()]).toEqual([Buffer.from(Array.from({ length: 256 }, (_, i) => i))]);
    expect(platform.market.bills).toHaveLength(1);
  });

  test('base library 1.6.0, which sends bytes as JSON', async () => {
    const { page } = await deployUnicloud({ provider, platform: { providers: FETCHING } });
    const host = page({}, { sdkVersion: '1.6.0' });
    const bytes = host.run('return new Uint8Array([1, 2]).buffer');
    const { result } = await outcome(host, { data: { images: [host.mark(bytes)] } });
    expect(result.data).toEqual(['\u0001\u0002']);
  });

  test('a long task, asked for by its user alone', async () => {
    const { page, platform } = await deployUnicloud({ provider });
    let finish = (): void => {};
    platform.market.provide('wxSVC/API', () => new Promise((resolve) => (finish = () => resolve('done'))));
    const ann = page();
    const { result } = await outcome(ann, { async: true });
    const question = { requestId: result.requestId };
    expect((await outcome(ann, question, 'getAsyncResult')).result).toMatchObject({ status: 1 });
    const { error } = await outcome(page({}, {}, 'bob'), question, 'getAsyncResult');
    expect(error.message).toMatch(/the request id is unknown/);
    await until(() => platform.market.messages.length > 0);
    finish();
    await new Promise(setImmediate);
    expect((await outcome(ann, question, 'getAsyncResult')).result).toMatchObject({
      status: 0,
      data: 'done',
    });
    expect(platform.market.bills).toHaveLength(1);
  });
});

describe.each(BILLINGS)('billing %s', (billing) => {
  test('the same id: the outcome, not a second bill, though the file was uploaded anew', async () => {
    const { cloud, page, platform } = await deployUnicloud({ platform: { billing } });
    const host = page();
    const call = { data: { img: host.mark('bytes') }, clientMsgId: 'order-7' };
    const first = await outcome(host, call);
    expect((await outcome(page(), { ...call, data: { img: host.mark('bytes') } })).result).toEqual(
      first.result,
    );
    expect(cloud.files.size).toBe(2);
    const { error } = await outcome(host, { ...call, data: { img: host.mark('others') } });
    expect(error.message).toMatch(/client_msg_id was used for another service, api or data/);
    expect(platform.market.bills).toHaveLength(1);
  });

  test('an answer that is lost on the way: asked again, one bill', async () => {
    const { page, platform } = await deployUnicloud({ platform: { billing } });
    const host = page(HASTY);
    const when = ({ params }: Any): boolean => /\/invoke$/.test(params.url);
    host.fault({ api: 'request', when, nth: 1, effect: { lose: 'reply' } });
    expect((await outcome(host, { data: 1 })).result.data).toBe(1);
    expect(sent(host, '/invoke').length).toBeGreaterThan(1);
    expect(platform.market.bills).toHaveLength(1);
  });

  test('a service slower than the page waits: asked again, carried out once', async () => {
    const { page, platform } = await deployUnicloud({ platform: { billing } });
    let finish = (): void => {};
    platform.market.provide('wxSVC/API', () => new Promise((resolve) => (finish = () => resolve('slow'))));
    const host = page(HASTY);
    const seen = host.start();
    await until(() => sent(host, '/invoke').length >= 3);
    finish();
    await ended(seen);
    expectOver(host, seen);
    expect(seen.result.data).toBe('slow');
    expect(platform.market.bills).toHaveLength(1);
  });

  test.each([
    ['cut', { cut: true, after: true }],
    ['no JSON', { status: 200, body: 'x', after: true }],
    ['a status of a gateway', { status: 503, body: '{}', after: true }],
  ] as const)(
    'an answer of the platform that is lost (%s): unknown, and not sent again',
    async (_name, effect) => {
      const { page, platform } = await deployUnicloud({ platform: { billing } });
      platform.fault({ path: '/wxa/servicemarket', nth: 1, effect });
      const host = page();
      const { error } = await outcome(host, { data: 1 });
      expect(error).toMatchObject({ errCode: -2, billing: 'unknown' });
      const again = await outcome(host, { data: 1, clientMsgId: error.clientMsgId });
      expect(again.error.message).toMatch(/outcome unknown/);
      expect(platform.market.bills).toHaveLength(1);
    },
  );
});

test('a token that has ended is renewed within the call; one that cannot be had sends nothing', async () => {
  const { page, platform } = await deployUnicloud();
  const host = page();
  await outcome(host, { data: 1 });
  platform.revokeTokens();
  expect((await outcome(host, { data: 2 })).result.data).toBe(2);
  platform.revokeTokens();
  platform.fault({ path: '/cgi-bin/stable_token', times: 1, effect: { cut: true } });
  const { error } = await outcome(host, { data: 3 });
  expect(error.message).toMatch(/nothing was sent or billed/);
  expect((await outcome(host, { data: 3, clientMsgId: error.clientMsgId })).result.data).toBe(3);
  expect(platform.market.bills).toHaveLength(3);
});

test('with vk-unicloud: its tokens and sessions, and no secret of its own', async () => {
  const asked: object[] = [];
  const { page, platform } = await deployUnicloud({
    modules: {
      'vk-unicloud': `exports.createInstance = ({ baseDir, requireFn }) => {
        if (!baseDir || !requireFn) throw new Error('baseDir and requireFn are needed');
        const auth = (name) => (args) => globalThis.askFramework(name, args);
        const auths = { getAccessToken: auth('getAccessToken'), code2Session: auth('code2Session') };
        return { openapi: { weixin: { auth: auths } } };
      };`,
    },
  });
  const openApi = createOpenApi({ appid: 'wxapp', secret: SECRET, baseUrl: platform.origin });
  (globalThis as Any).askFramework = async (name: string, args: Any) => {
    asked.push([name, Object.keys(args), args.cache]);
    if (name === 'getAccessToken') return (await openApi.auth.getAccessToken(args)).access_token;
    // It gives what the platform answers, also an error.
    return openApi.auth.code2Session(args).catch(({ errcode }) => ({ code: errcode, msg: 'refused' }));
  };
  cleanUpAfterTest(() => delete (globalThis as Any).askFramework);

  expect((await outcome(page(), { data: 1 })).result.data).toBe(1);
  platform.revokeTokens();
  expect((await outcome(page(), { data: 2 })).result.data).toBe(2);
  const { error } = await outcome(page({}, { login: () => 'used' }), { data: 3 });
  expect(error.message).toMatch(/credential was refused/);
  expect(asked).toEqual([
    ['code2Session', ['js_code'], undefined],
    ['getAccessToken', ['cache'], true],
    ['code2Session', ['js_code'], undefined],
    ['getAccessToken', ['cache'], true],
    ['getAccessToken', ['cache'], true],
    ['getAccessToken', ['cache'], false],
    ['code2Session', ['js_code'], undefined],
  ]);
  expect(platform.market.bills).toHaveLength(2);
});
