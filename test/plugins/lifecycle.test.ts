/** When host and plugin find each other, and what happens where they do not. */
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../support/files';
import {
  type Any,
  CALL,
  HOST_APPID,
  injectedFile,
  MAIN,
  plain,
  pluginFolder,
  worldOf,
} from './support/worlds';

const START = `
  var told = wx.told = [];
  [1, 2, 3].forEach(function (n) {
    sm.invokeService({ service: 's', api: 'a', data: n }).then(
      function (result) { told.push(result.data) }, function (error) { told.push(error) });
  });
  return Promise.resolve()`;

describe('the host connects', () => {
  test('late: the calls waited, and go in order', async () => {
    const world = worldOf();
    await world.ask(START);
    await world.clock.advance(9_999);
    expect(world.market.messages).toEqual([]);
    world.connect();
    await world.clock.run();
    expect(plain(world.plugin('ocr').wx.told)).toEqual([1, 2, 3]);
    expect(world.market.messages.map(({ request }) => request.data)).toEqual(['1', '2', '3']);
    expect(world.market.bills.map(({ by }) => by)).toEqual([HOST_APPID, HOST_APPID, HOST_APPID]);
  });

  test('never: after 10 seconds an error tells both sides what to do, and the plugin pays nothing', async () => {
    const world = worldOf();
    await world.ask(START);
    await world.clock.advance(10_000);
    const { told } = world.plugin('ocr').wx;
    expect(told).toHaveLength(3);
    expect(told[0]).toMatchObject({ errCode: -2, billing: 'none', errMsg: told[0].message });
    for (const part of [
      '10000 ms',
      'export connectServiceMarket',
      'servicemarket.config.json',
      'connectPlugin({name',
    ]) {
      expect(told[0].message).toContain(part);
    }
    world.connect();
    await world.clock.run();
    expect(told).toHaveLength(3);
    expect(world.nativeCalls).toEqual([]);
    expect(world.clock.pending()).toEqual([]);
  });

  test('never, with a limit of the plugin’s own', async () => {
    const world = worldOf();
    await world.ask(
      `require('miniprogram-servicemarket/plugin').configure({ connectTimeout: 500 }); ${START}`,
    );
    await world.clock.advance(500);
    expect(world.plugin('ocr').wx.told[2].message).toContain('in 500 ms');
  });

  test('after a call was stopped: that one is not sent', async () => {
    const world = worldOf();
    const { error } = await world.ask(
      `var task = sm.invokeService({ service: 's', api: 'a' }); task.abort();
       return task.then(null, function (error) { return { error: error } })`,
    );
    expect(error).toMatchObject({ errCode: -2, message: 'invokeService:fail abort', billing: 'none' });
    world.connect();
    await world.clock.run();
    expect(world.market.messages).toEqual([]);
  });

  test('twice: nothing is sent twice, and the last policy counts', async () => {
    const world = worldOf();
    await world.ask(START);
    world.connect();
    world.connect();
    await world.clock.run();
    expect(world.market.messages).toHaveLength(3);
    world.connect('ocr', { policy: [] });
    expect((await world.ask(CALL)).error.message).toContain('refused');
    world.connect('ocr');
    expect((await world.ask(CALL)).error.message).toContain('refused');
    world.connect('ocr', { policy: 'all' });
    expect((await world.ask(CALL)).ok.data).toEqual({ n: 1 });
  });

  test('after an error: a main that threw first', async () => {
    const main = `wx.runs = (wx.runs || 0) + 1; if (wx.runs === 1) throw new Error('first'); ${MAIN}`;
    const world = worldOf({ sdkVersion: '2.11.0' }, { ocr: { main } });
    expect(() => world.connect()).toThrow('first');
    world.connect();
    expect((await world.ask(CALL)).ok.data).toEqual({ n: 1 });
  });

  test('by the injected file and by an imported copy: one policy for both', async () => {
    const file = injectedFile({ plugins: { ocr: [{ service: 'wxS' }] } }, ['ocr']);
    const world = worldOf({}, { ocr: {} }, file);
    await world.clock.run();
    world.api = world.load(path.join(__dirname, '../../miniprogram_dist/index.js'));
    world.connect('ocr', { policy: [] });
    expect((await world.ask(CALL)).error.message).toContain("refused by the host's policy");
  });
});

describe('the plugin', () => {
  test('has two copies of the entry: both calls go', async () => {
    const second = {
      'old/plugin.js': fs.readFileSync(path.join(__dirname, '../../miniprogram_dist/plugin.js'), 'utf8'),
    };
    const world = worldOf({}, { ocr: { files: second } });
    const early = world
      .plugin('ocr')
      .run(`var sm = require('./old/plugin').serviceMarket; ${CALL}`) as Promise<Any>;
    world.connect();
    expect((await world.clock.until(early)).ok.data).toEqual({ n: 1 });
    const late = world
      .plugin('ocr')
      .run(`var sm = require('./old/plugin').serviceMarket; ${CALL}`) as Promise<Any>;
    expect((await world.clock.until(late)).ok.data).toEqual({ n: 1 });
  });

  test.each([
    ['no main', { main: '' }, 'connectServiceMarket is not a function'],
    ['another main', { main: 'exports.connectServiceMarket = 5' }, 'is not a function'],
    ['a primitive', { main: 'module.exports = 7' }, 'is not a function'],
    ['null', { main: 'module.exports = null' }, 'null'],
    ['a getter that throws', { main: "Object.defineProperty(exports, 'connectServiceMarket', { get: function () { throw new Error('mine') } })" }, 'mine'],
    ['one that throws', { main: "exports.connectServiceMarket = function () { throw new Error('mine') }" }, 'mine'],
  ])('exports %s: the host is told, and lives', (_kind, spec, text) => {
    const world = worldOf({}, { ocr: spec });
    world.connect();
    expect(world.logs).toMatchObject([{ level: 'error', text: expect.stringContaining(text) }]);
  }); // prettier-ignore

  test('is told the version of the function that it gets, to know what that can do', () => {
    const world = worldOf(
      {},
      { ocr: { main: 'exports.connectServiceMarket = function () { wx.seen = arguments; };' } },
    );
    world.connect();
    expect([...world.plugin('ocr').wx.seen]).toEqual([expect.any(Function), 1]);
  });

  test.each(['2.11.0', '2.30.3'])(
    '%s: the main of a listed one throws: the app starts, the others are connected',
    async (sdkVersion) => {
      const file = injectedFile({ plugins: { bad: 'all', ocr: 'all' } }, ['bad', 'ocr']);
      const world = worldOf(
        { sdkVersion },
        { ocr: {}, bad: { main: `wx.runs = 1; throw new Error('boom'); ${MAIN}` } },
        file,
      );
      await world.clock.run();
      expect(world.errors).toEqual([]);
      expect(world.logs).toMatchObject([{ level: 'error', text: expect.stringContaining('boom') }]);
      expect((await world.ask(CALL)).ok.data).toEqual({ n: 1 });
    },
  );
});

describe('an injected project', () => {
  const project = (app: string, more: Record<string, string> = {}, manifest: object = {}): string =>
    temporaryFolder({
      'app.json': JSON.stringify({
        pages: [],
        plugins: { ocr: { provider: 'wxocr', version: '1' } },
        ...manifest,
      }),
      'app.js': `require('./compat.js'); ${app}`,
      ...more,
    });
  const compat = (requires: string[]): Record<string, string> => ({
    'compat.js': fs.readFileSync(injectedFile({ plugins: { ocr: 'all', sub: 'all' } }, requires), 'utf8'),
  });
  const boot = (folder: string, main = `wx.ran = true; ${MAIN}`): ReturnType<typeof worldOf> => {
    const names = ['ocr', 'sub'];
    const plugins = names.map((name) => ({ appid: `wx${name}`, root: pluginFolder({ main }) }));
    const world = worldOf({ sdkVersion: '2.11.0', plugins }, {}, null);
    world.boot(folder);
    return world;
  };

  test('app.js runs to its end before the main of a listed plugin', async () => {
    const folder = project(
      "wx.order = []; App({ onLaunch: function () { wx.order.push('launch') } })",
      compat(['ocr']),
    );
    const world = boot(folder);
    expect(world.plugin('ocr').wx.ran).toBeUndefined();
    await world.clock.run();
    expect(world.plugin('ocr').wx.ran).toBe(true);
    expect((await world.ask(CALL)).ok.data).toEqual({ n: 1 });
  });

  test('a plugin that is not listed is not required', async () => {
    const world = boot(project('App({})', compat([])));
    await world.clock.run();
    expect(world.plugin('ocr').wx.ran).toBeUndefined();
  });

  test('listed and missing, or in a subpackage that is not loaded: reported, nothing starts early', async () => {
    const manifest = {
      subpackages: [{ root: 's', pages: ['p'], plugins: { sub: { provider: 'wxsub', version: '1' } } }],
    };
    const world = boot(
      project(
        'App({ onLaunch: function () { wx.launched = true } })',
        { ...compat(['gone', 'sub', 'ocr']), 's/p.js': 'Page({})' },
        manifest,
      ),
    );
    await world.clock.run();
    expect(world.wx.launched).toBe(true);
    expect(world.errors).toEqual([]);
    expect(world.logs.map(({ text }) => text)).toEqual([
      expect.stringContaining('"gone"'),
      expect.stringContaining('"sub"'),
    ]);
    expect((await world.ask(CALL)).ok.data).toEqual({ n: 1 });
  });

  test('a plugin of a subpackage is connected when the package’s entry runs', async () => {
    const manifest = {
      subpackages: [
        { root: 's', pages: ['p'], entry: 'entry.js', plugins: { sub: { provider: 'wxsub', version: '1' } } },
      ],
    };
    const entry =
      "require('../compat.js').connectPlugins({ sub: function () { return requirePlugin('sub') } })";
    const world = boot(
      project('App({})', { ...compat(['ocr']), 's/entry.js': entry, 's/p.js': 'Page({})' }, manifest),
    );
    await world.clock.run();
    expect(() => world.plugin('sub')).toThrow('has not registered');
    world.show('s/p');
    await world.clock.run();
    expect((await world.ask(CALL, {}, 'sub')).ok.data).toEqual({ n: 1 });
  });
});
