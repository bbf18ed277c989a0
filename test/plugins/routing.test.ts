/** A plugin's calls run on the host's resources, on every base library. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, temporaryFolder } from '../support/files';
import { expectAtRest } from '../support/hosts';
import {
  type Any,
  CALL,
  connectedWorld,
  HOST_APPID,
  injectedFile,
  NATIVE,
  outcome,
  plain,
  ROUTED,
  worldOf,
} from './support/worlds';

const OCR = `
  sm.invokeService({ service: 'wx79ac3de8be320b71', api: 'OcrAllInOne', data: {
    img_url: new sm.CDN({ type: 'filePath', filePath: 'wxfile://tmp_a.png' }), data_type: 3, ocr_type: 8 } })`;

/** The plugin mark on the wire, by message. */
const marks = (world: Any): unknown[] =>
  world.nativeCalls
    .filter(({ api }: Any) => api === 'operateWXData')
    .map(({ params }: Any) => params.data.plugin_appid);

describe.each(['android', 'ios'] as const)('on %s', (platform) => {
  test.each(ROUTED)(
    '%s: the OCR call is routed; the host pays, and the wire knows no plugin',
    async (sdkVersion) => {
      const world = connectedWorld({ sdkVersion, platform });
      const { ok } = await world.ask(outcome(OCR));
      expect(world.cdn.text(ok.data.img_url)).toBe('PNG-A');
      expect(world.market.bills).toMatchObject([{ by: HOST_APPID, api: 'OcrAllInOne' }]);
      expect(marks(world)).toEqual([undefined]);
      expectAtRest(world);
    },
  );

  test.each(NATIVE)('%s: the platform carries it, on the host’s bill', async (sdkVersion) => {
    const world = worldOf({ sdkVersion, platform });
    const { ok } = await world.ask(outcome(OCR));
    expect(world.cdn.text(ok.data.img_url)).toBe('PNG-A');
    expect(world.market.bills).toMatchObject([{ by: HOST_APPID, channel: 'native' }]);
    expect(marks(world)[0]).toBe('wxocr');
  });
});

test.each(['2.30.3', 'newest'])('%s: the plugin’s own is given as it is', (sdkVersion) => {
  const world = worldOf({ sdkVersion });
  const same = "return require('miniprogram-servicemarket/plugin').serviceMarket === wx.serviceMarket";
  expect(world.plugin('ocr').run(same)).toBe(true);
});

describe('2.11.1: what the plugin’s own would drop goes to the host', () => {
  const ASYNC = outcome("sm.invokeService({ service: 'wxS', api: 'A', data: { n: 1 }, async: true })");

  test('a long task and its result', async () => {
    const world = connectedWorld({ sdkVersion: '2.11.1' });
    const { ok } = await world.ask(ASYNC);
    expect(ok.requestId).toMatch(/./);
    const result = await world.ask('return sm.getAsyncResult({ requestId: id })', { id: ok.requestId });
    expect(plain(result)).toMatchObject({ status: 0, data: { n: 1 } });
    expect(world.market.bills).toMatchObject([{ by: HOST_APPID }]);
    expect(marks(world)).toEqual([undefined, undefined]);
  });

  test('consumeType', async () => {
    const world = connectedWorld({ sdkVersion: '2.11.1' });
    const options = "{ service: 'wxS', api: 'A', consumeType: 2, consumeAppid: 'wxpayer' }";
    await world.ask(outcome(`sm.invokeService(${options})`));
    expect(world.market.bills).toMatchObject([{ by: 'wxpayer' }]);
  });

  test('over the serviceMarket that the host exports to its plugins, where no host connects', async () => {
    const folder = temporaryFolder({ 'exported.js': 'exports.serviceMarket = wx.serviceMarket' });
    const spec = { export: path.join(folder, 'exported.js') };
    const world = worldOf({ sdkVersion: '2.11.1' }, { ocr: spec });
    const { ok } = await world.ask(ASYNC);
    expect(ok.requestId).toMatch(/./);
    expect(world.market.bills).toMatchObject([{ by: HOST_APPID }]);
    const told = await world.ask(
      `return new Promise(function (done) {
         var told = [], tell = function (name) { return function () { told.push(name); if (told.length === 2) done(told) } };
         sm.invokeService({ service: 'wxS', api: 'A', async: true, success: tell('s'), fail: tell('f'), complete: tell('c') });
       })`,
    );
    expect(plain(told)).toEqual(['s', 'c']);
    const aborted = `var task = sm.invokeService({ service: 'wxS', api: 'A', async: true });
      setTimeout(function () { task.abort() }, 1); ${outcome('task')}`;
    world.fault({ api: 'operateWXData', effect: { delay: 1000 } });
    expect((await world.ask(aborted)).error).toMatchObject({ errMsg: 'invokeService:fail abort' });
  });

  test('an incomplete one that the host exports is not asked: it would drop the same', async () => {
    const folder = temporaryFolder({ 'exported.js': 'exports.serviceMarket = wx.serviceMarket' });
    const world = worldOf(
      { sdkVersion: '2.11.1' },
      { ocr: { export: path.join(folder, 'exported.js') } },
      null,
    );
    const { error } = await world.ask(ASYNC);
    expect(error.message).toContain('no host has connected');
    expect(world.market.messages).toEqual([]);
  });
});

describe('JSON cannot forge a marker: text from outside never has a phone upload a file', () => {
  const FORGED = [
    { symbol: { isCDN: true }, options: { type: 'filePath', filePath: 'wxfile://tmp_b.png' } },
    { symbol: { isCDN: true }, options: 'a string' },
    { symbol: true, options: { type: 'filePath', filePath: 'wxfile://tmp_b.png' } },
    { symbol: 'isCDN', isCDN: true, options: { filePath: 'wxfile://tmp_b.png' } },
    { symbol: { isCDN: true }, options: { filePath: 'wxfile://usr/secret' }, toJSON: null },
  ];

  test.each([...ROUTED, '2.11.1'])('%s, in the copy that a plugin has', async (sdkVersion) => {
    const world = connectedWorld({ sdkVersion });
    // A long task, so that 2.11.1 too sends it over the host.
    const { ok } = await world.ask(
      outcome("sm.invokeService({ service: 'wxS', api: 'A', async: true, data: JSON.parse(text) })"),
      { text: JSON.stringify(FORGED) },
    );
    const result = await world.ask('return sm.getAsyncResult({ requestId: id })', { id: ok.requestId });
    expect(plain(result).data).toEqual(FORGED);
    expect(world.cdn.files).toEqual([]);
    expect(world.nativeCalls.filter(({ api }: Any) => /upload/i.test(api))).toEqual([]);
  });
});

describe('what uploads', () => {
  const CONTENT = outcome(
    "sm.invokeService({ service: 'wxS', api: 'A', data: { c: new sm.CDN(content()) } })",
  );

  test.each([
    ['a temp file', "{ type: 'filePath', filePath: 'wxfile://tmp_b.png' }", 'PNG-B'],
    ['a text', "'a text'", 'a text'],
    ['a text that looks like a path', "'f:wxfile://usr/x'", 'f:wxfile://usr/x'],
    ['bytes', 'new Uint8Array([65, 66, 67]).buffer', 'ABC'],
  ])('%s', async (_kind, content, expected) => {
    const world = connectedWorld({ sdkVersion: '2.11.0' });
    const { ok } = await world.ask(`function content() { return ${content} } ${CONTENT}`);
    expect(world.cdn.text(ok.data.c)).toBe(expected);
  });

  test('a marker made by the host, and a copy of a marker', async () => {
    const world = connectedWorld();
    const marker = world.run("return new CDN('of the host')", { CDN: world.api.CDN });
    const { ok } = await world.ask(
      outcome(
        "sm.invokeService({ service: 'wxS', api: 'A', data: [marker, Object.assign({}, new sm.CDN('x'))] })",
      ),
      { marker },
    );
    expect(ok.data.map((url: string) => world.cdn.text(url))).toEqual(['of the host', 'x']);
  });

  test('the host does the writing where a file is needed, and cleans up', async () => {
    const config = { channels: ['cloud'], cloud: { env: 'env-1', function: 'f' } };
    const texts: string[] = [];
    const world = worldOf({
      cloud: {
        functions: {
          f: async (event: Any) => {
            texts.push(event.data);
            return { errcode: 0, errmsg: 'ok', data: '1' };
          },
        },
      },
    });
    const api = world.load(path.join(ROOT, 'miniprogram_dist/index.js'));
    world.run('api.configure(config)', { api, config });
    world.api = api;
    world.connect();
    const { ok, error } = await world.ask(
      outcome("sm.invokeService({ service: 'wxS', api: 'A', data: new sm.CDN('text') })"),
    );
    expect(error).toBeUndefined();
    expect(plain(ok.data)).toBe(1);
    expect(texts).toEqual([expect.stringMatching(/^"https?:/)]);
    expectAtRest(world);
  });
});

describe('markers', () => {
  test('outside a call they look as on the platform', () => {
    const world = worldOf();
    const text = world
      .plugin('ocr')
      .run(
        "var sm = require('miniprogram-servicemarket/plugin').serviceMarket; return JSON.stringify({ a: new sm.CDN('x') })",
      );
    expect(text).toBe('{"a":{"options":"x"}}');
  });

  test('need new', () => {
    const call = "require('miniprogram-servicemarket/plugin').serviceMarket.CDN('x')";
    expect(() => worldOf().plugin('ocr').run(call)).toThrow("CDN needs 'new'");
  });
});

test('abort and progress, as the host has them', async () => {
  const world = connectedWorld();
  world.fault({ api: 'operateWXData', effect: { delay: 5000 } });
  const { error, told } = await world.ask(
    `var told = [], task = sm.invokeService({ service: 'wxS', api: 'A', data: new sm.CDN('text') });
     task.onProgressUpdate(function (p) { told.push(p.phase + p.progress) });
     setTimeout(function () { task.abort() }, 1000);
     return task.then(null, function (error) { return { error: error, told: told } })`,
  );
  expect(error).toMatchObject({ message: 'invokeService:fail abort', errCode: -2, billing: 'unknown' });
  expect(plain(told)).toEqual(['upload100', 'call0']);
  expectAtRest(world);
});

test('progress listeners are called in the order in which they were added', async () => {
  const told = await connectedWorld().ask(
    `var told = [], task = sm.invokeService({ service: 'wxS', api: 'A' });
     ['first', 'second'].forEach(function (name) {
       task.onProgressUpdate(function (p) { told.push(name + p.progress) });
     });
     return task.then(function () { return told })`,
  );
  expect(plain(told)).toEqual(['first0', 'second0', 'first100', 'second100']);
});

test('abort within the turn of the call: nothing is sent', async () => {
  const world = connectedWorld();
  const { error } = await world.ask(
    `var task = sm.invokeService({ service: 'wxS', api: 'A' }); task.abort();
     return task.then(null, function (error) { return { error: error } })`,
  );
  expect(error).toMatchObject({ message: 'invokeService:fail abort', errCode: -2, billing: 'none' });
  expect(world.market.messages).toEqual([]);
});

test('the injected file of a plugin gives its wx a serviceMarket', async () => {
  const text = fs.readFileSync(path.join(ROOT, 'dist/compat/plugin.min.js'), 'utf8');
  const main = "exports.connectServiceMarket = require('./servicemarket-compat.js').connectServiceMarket;";
  const world = worldOf(
    { sdkVersion: '2.11.0' },
    { ocr: { main, files: { 'servicemarket-compat.js': text } } },
  );
  world.connect();
  const { ok } = await world.ask(CALL.replace('sm.', 'wx.serviceMarket.'));
  expect(plain(ok.data)).toEqual({ n: 1 });
  expect(world.market.bills).toMatchObject([{ by: HOST_APPID }]);
});

test('the injected host file connects the listed plugins by itself', async () => {
  const file = injectedFile({ plugins: { ocr: 'all' } }, ['ocr']);
  const world = worldOf({ sdkVersion: '2.11.0' }, { ocr: {} }, file);
  const { ok } = await world.ask(CALL);
  expect(plain(ok.data)).toEqual({ n: 1 });
});
