import { ProviderError } from '../../src/simulator';
import type { Host, HostOptions, Any } from '../../src/simulator';
import { openHost } from '../support/hosts';

/** The service market's side of the conversation, over wx.operateWXData. */

async function send(made: Host, reqData: object, api = 'comm'): Promise<Any> {
  const promise = made.run(
    `return new Promise(function (done, fail) {
       wx.operateWXData({ apiName: 'webapi_servicemarket_jsapi_' + api, reqData: reqData,
         success: function (r) { done(r.rawData) }, fail: fail });
     })`,
    { reqData, api },
  ) as Promise<string>;
  return JSON.parse(await made.clock.until(promise)) as unknown;
}

const V0 = { service_id: 'wxS', api_name: 'A', data: '{"k":1}', client_msg_id: 'm1' };
const V1 = { ...V0, version: 1 };
const V2 = { ...V0, version: 2, call_id: 'c1', scene: 1, retry_reason: 0 };
const POLL = { ...V2, scene: 2, client_msg_id: 'm2', data: undefined };

const slow = (ms: number): HostOptions['providers'] => ({
  '*': (data, { sleep }) => sleep(ms).then(() => data),
});
const failing: HostOptions['providers'] = { '*': () => Promise.reject(new ProviderError(-8, 'down')) };

describe('versions', () => {
  test('0 answers bare, 1 in an envelope, 2 with scenes', async () => {
    expect(await send(openHost(), V0)).toEqual({ k: 1 });
    const envelope = { errcode: 0, errmsg: 'ok', request_id: expect.any(String), data: '{"k":1}' };
    expect(await send(openHost(), V1)).toEqual(envelope);
    expect(await send(openHost(), V2)).toEqual({ ...envelope, scene: 4 });
  });

  test('an error of the provider in each', async () => {
    expect(await send(openHost({ providers: failing }), V0)).toEqual({ errcode: -8, errmsg: 'down' });
    expect(await send(openHost({ providers: failing }), V1)).toMatchObject({ errcode: -8, errmsg: 'down' });
    expect(await send(openHost({ providers: failing }), V2)).toMatchObject({
      scene: 4,
      errcode: -8,
      provider_errmsg: 'down',
    });
  });

  test.each([
    [0, { k: 1 }],
    [1, { errcode: 0, data: '{"k":1}' }],
  ] as const)('a market of version %i answers a version 2 message so', async (wireVersion, expected) => {
    const reply = await send(openHost({ wireVersion }), V2);
    expect(reply).toMatchObject(expected);
    expect(reply).not.toHaveProperty('scene');
  });

  test('no data reaches the provider as undefined, other text is refused', async () => {
    const made = openHost({ providers: { 'wxS/A': (data) => typeof data } });
    expect(await send(made, { ...V0, data: undefined })).toBe('undefined');
    expect(await send(made, { ...V0, data: '{' })).toEqual({ errcode: -1, errmsg: 'data is not JSON text' });
  });
});

describe('scenes', () => {
  test('a slow provider is asked about until it is done; one run, one bill', async () => {
    const made = openHost({ providers: slow(40000) });
    const scenes = [(await send(made, V2)).scene];
    for (let polls = 0; polls < 2; polls++) scenes.push((await send(made, POLL)).scene);
    expect(scenes).toEqual([3, 3, 4]);
    expect(made.market.bills).toHaveLength(1);
    expect(made.market.messages).toHaveLength(3);
  });

  test('preResp forces preliminary answers at once', async () => {
    const made = openHost({ market: { preResp: 2 } });
    const start = made.clock.now();
    expect([
      (await send(made, V2)).scene,
      (await send(made, POLL)).scene,
      (await send(made, POLL)).scene,
    ]).toEqual([3, 3, 4]);
    expect(made.clock.now() - start).toBe(3 * 40);
  });

  test('a poll for an unknown call, and an unknown scene', async () => {
    expect(await send(openHost(), POLL)).toMatchObject({
      scene: 4,
      errcode: -1,
      errmsg: 'unknown call_id c1',
    });
    expect(await send(openHost(), { ...V2, scene: 9 })).toMatchObject({ scene: 4, errcode: -1 });
  });
});

describe('bills', () => {
  test.each([
    ['perId', 1],
    ['perMessage', 2],
  ] as const)('%s: a repeated call message makes %i', async (billing, count) => {
    for (const message of [V0, V1, V2]) {
      const made = openHost({ billing });
      await send(made, message);
      await send(made, message);
      expect(made.market.bills).toHaveLength(count);
    }
  });

  test.each(['perId', 'perMessage'] as const)('%s: polls are free', async (billing) => {
    const made = openHost({ billing });
    await send(made, V2);
    await send(made, POLL);
    expect(made.market.bills).toHaveLength(1);
  });

  test('consume_type 2 charges the account it names', async () => {
    const made = openHost({ appid: 'wxme' });
    await send(made, { ...V2, consume_type: 2, consume_appid: 'wxother' });
    await send(made, { ...V2, consume_type: 1, consume_appid: 'wxother' });
    expect(made.market.bills.map(({ by }) => by)).toEqual(['wxother', 'wxme']);
  });

  test('a refused message starts and bills nothing', async () => {
    const made = openHost({ market: { refuse: () => ({ errcode: 45009, errmsg: 'quota' }) } });
    expect(await send(made, V2)).toMatchObject({ scene: 4, errcode: 45009 });
    expect(made.market.bills).toEqual([]);
  });
});

describe('long tasks', () => {
  const ASYNC = { ...V2, req_type: 2 };

  test('are accepted, pending, done, and gone after 24 hours', async () => {
    const made = openHost({ providers: slow(1000) });
    const { request_id } = await send(made, ASYNC);
    expect(await send(made, { request_id }, 'retrieve')).toMatchObject({
      errcode: 0,
      status: 1,
      data: 'null',
    });
    await made.clock.advance(2000);
    const done = await send(made, { request_id }, 'retrieve');
    expect(done).toMatchObject({ errcode: 0, status: 0, data: '{"k":1}' });
    expect(done.request_id).not.toBe(request_id);
    await made.clock.advance(24 * 3600 * 1000);
    expect(await send(made, { request_id }, 'retrieve')).toMatchObject({ errcode: -3 });
  });
});

test('a provider reads what was uploaded through the URL that it was given', async () => {
  const made = openHost({
    sdkVersion: '2.11.0',
    providers: { 'wxS/A': async ({ url }, { fetch }) => (await fetch(url)).length },
  });
  const promise = made.run(
    "var sm = wx.serviceMarket; return sm.invokeService({ service: 'wxS', api: 'A', data: { url: new sm.CDN('five!') } })",
  ) as Promise<unknown>;
  expect(await made.clock.until(promise)).toMatchObject({ data: 5 });
});
