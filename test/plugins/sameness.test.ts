/** Seen by the plugin, a routed call is a host call of the same code: results, errors, callbacks, order. */
import fs from 'node:fs';
import path from 'node:path';
import { type Any, connectedWorld, plain, type World } from './support/worlds';

const vectors: Any[] = JSON.parse(fs.readFileSync(path.join(__dirname, '../vectors/native.json'), 'utf8'));

/** Texts that are new in every call. */
const withoutIds = (text: string): string =>
  text.replace(/0\.\d+_\d{10,}|req-\w+/g, '<id>').replace(/\d+:\d+:\d+ /g, '');

/** What code saw, in plain values, and what went over the wire. */
async function seen(world: World, code: string, inPlugin: boolean): Promise<Any> {
  const begin = inPlugin
    ? "var sm = require('miniprogram-servicemarket/plugin').serviceMarket, CDN = sm.CDN;"
    : 'var sm = wx.serviceMarket, CDN = sm.CDN;';
  const run = inPlugin ? world.plugin('ocr').run : world.run;
  const settled = (run(`${begin} ${code}`) as Promise<unknown>).then(
    (value) => ({ ok: plain(value) }),
    (error: Any) => ({
      // The cause is an object of the host, and what the host's layers tell each other does not cross.
      error: {
        ...plain({ ...error, cause: undefined, refused: undefined }),
        name: error.name,
        message: error.message,
      },
      isError: run('return error instanceof Error', { error }),
      idIsOwn:
        typeof error.callId === 'string' &&
        typeof error.clientMsgId === 'string' &&
        error.clientMsgId[0] !== '[',
    }),
  );
  const outcome = await world.clock.until(settled);
  const wire = world.market.messages.map(({ request, ...message }: Any) => ({
    channel: message.channel,
    request: { ...request, client_msg_id: undefined, call_id: undefined },
  }));
  const urls = world.cdn.files.map(({ url }) => url);
  const text = JSON.stringify({ outcome, wire, uploads: urls.map((url) => world.cdn.text(url)) });
  return JSON.parse(
    withoutIds(urls.reduce((before, url) => before.replaceAll(url, `<URL of ${world.cdn.text(url)}>`), text)),
  );
}

function worldFor(vector: Any, platform: 'android' | 'ios', sdkVersion: string): World {
  const world = connectedWorld({ sdkVersion, platform, wireVersion: 0 });
  world.market.provide('*', (data, { api }) => {
    if (vector.replyError) return vector.replyError;
    const answer = vector.providerReturns ?? { echo: data === undefined ? '(none)' : 'got' };
    return JSON.parse(JSON.stringify(answer).replace('"API"', JSON.stringify(api)));
  });
  if (vector.replyBody !== undefined)
    world.fault({ api: 'operateWXData', effect: { malformed: vector.replyBody } });
  if (vector.uploadFails !== undefined) {
    world.fault({ api: 'uploadToCommonCDN', effect: { fail: { errMsg: vector.uploadFails } } });
  }
  return world;
}

/** Beyond the vectors: what the shim does of its own. */
const MORE = [
  ['a cycle', "var d = { a: [1, {}] }; d.a[1].d = d; return sm.invokeService({ service: 's', api: 'a', data: d })"],
  ['a toJSON that throws', "return sm.invokeService({ service: 's', api: 'a', data: { x: { toJSON: function () { throw new Error('mine') } } } })"],
  ['a bad marker', "return sm.invokeService({ service: 's', api: 'a', data: { x: [new CDN(5)] } })"],
  ['a typed array', "return sm.invokeService({ service: 's', api: 'a', data: { x: new CDN(new Uint8Array(3)) } })"],
  ['no data, a null, a text', "return Promise.all([undefined, null, 't', 0, false].map(function (data) { return sm.invokeService({ service: 's', api: 'a', data: data }) }))"],
  ['keys of every kind', "return sm.invokeService({ service: 's', api: 'a', data: JSON.parse('{\"__proto__\":{\"x\":1},\"2\":0,\"1\":\"\\\\u2028#0.5:\",\"toJSON\":5}') })"],
  ['30 markers', "var d = []; for (var i = 0; i < 30; i++) d.push(new CDN('text ' + i)); return sm.invokeService({ service: 's', api: 'a', data: d })"],
  ['service and api of other kinds', "return sm.invokeService({ service: 5, api: true })"],
  ['empty options', 'return sm.invokeService({})'],
  ['a long task and its result', "return sm.invokeService({ service: 's', api: 'a', data: 1, async: true }).then(function (r) { return sm.getAsyncResult({ requestId: r.requestId }).then(function (x) { return [typeof r.requestId, x.status, x.data] }) })"],
  ['a result without id', 'return sm.getAsyncResult({})'],
  ['consumeType', "return sm.invokeService({ service: 's', api: 'a', consumeType: 2, consumeAppid: 'wxp' })"],
  ['a time limit', "return sm.invokeService({ service: 's', api: 'slow', timeout: 1000 })"],
  ['order of three calls', "var told = []; return Promise.all([3, 1, 2].map(function (n) { return sm.invokeService({ service: 's', api: 'a', data: n }).then(function (r) { told.push(r.data) }) })).then(function () { return told })"],
  ['a callback that throws', "return new Promise(function (done) { var o = []; sm.invokeService({ service: 's', api: 'a', success: function () { o.push('s'); throw new Error('x') }, fail: function () { o.push('f') }, complete: function () { o.push('c'); done(o) } }) })"],
  ['callbacks that are no functions', "return new Promise(function (done) { var r = sm.invokeService({ service: 's', api: 'a', success: 1, complete: function () { done(typeof r) } }) })"],
  ['a promise of its own kind', "var p = sm.invokeService({ service: 's', api: 'a' }); return p.then(function () { return p instanceof Promise })"],
  ['a snapshot', "var d = { k: 1 }, p = sm.invokeService({ service: 's', api: 'a', data: d }); d.k = 2; return p"],
] as const; // prettier-ignore

describe.each(['android', 'ios'] as const)('on %s', (platform) => {
  test.each(vectors)('vector: $name', async (vector) => {
    const byPlugin = await seen(worldFor(vector, platform, '2.8.3'), vector.code, true);
    expect(byPlugin).toEqual(await seen(worldFor(vector, platform, '2.8.3'), vector.code, false));
  });

  test.each(vectors)('vector over the host’s native, 2.10.0: $name', async (vector) => {
    const byPlugin = await seen(worldFor(vector, platform, '2.10.0'), vector.code, true);
    expect(byPlugin).toEqual(await seen(worldFor(vector, platform, '2.10.0'), vector.code, false));
  });
});

test.each(MORE)('%s', async (_name, code) => {
  const make = (): World => {
    const world = connectedWorld();
    world.market.provide('s/slow', (_data: unknown, { sleep }: Any) => sleep(60_000));
    return world;
  };
  expect(await seen(make(), code, true)).toEqual(await seen(make(), code, false));
});

test.each([-1, -11, 45009])('a server’s code %d', async (code) => {
  const make = (): World => {
    const world = connectedWorld();
    world.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'busy', err_code: code } } });
    return world;
  };
  const call = "return sm.invokeService({ service: 's', api: 'a' })";
  const byPlugin = await seen(make(), call, true);
  expect(byPlugin).toEqual(await seen(make(), call, false));
  expect(byPlugin.outcome.error.errCode).toBe(code);
});
