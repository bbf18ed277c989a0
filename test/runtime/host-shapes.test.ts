/** Loading on hosts of every shape: it never throws, leaves nothing behind, and the import works where it can. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { CALL, hostOf } from './support/bare-hosts';
import { BUNDLES, IMPORTED } from '../support/built';
import { ROOT } from '../support/files';
import { messagesOf } from '../support/hosts';
import { type Any, outcomeOnHost } from '../support/outcomes';

describe.each(BUNDLES)('%s', (bundle) => {
  const file = path.join(ROOT, bundle);
  const text = fs.readFileSync(file, 'utf8');

  test.each([
    'serviceMarket',
    'operateWXData',
    'uploadToCommonCDN',
    'getSystemInfoSync',
    'request',
    'uploadFile',
    'login',
    'onAppShow',
  ])('a getter of wx.%s that throws does no harm while loading', async (name) => {
    for (const sdkVersion of ['1.6.0', '2.11.0', 'newest']) {
      const host = hostOf({ sdkVersion, hostile: [name] });
      host.load(file);
      const exported = host.load(IMPORTED);
      host.run('api.install()', { api: exported });
      expect(host.logs.filter(({ level }) => level === 'error')).toEqual([]);
    }
  });

  test('a wx whose every getter throws, or that is a hostile Proxy', () => {
    const NAMES = 'operateWXData,serviceMarket,getSystemInfoSync,request'.split(',');
    const shapes = [
      Object.defineProperties({}, Object.fromEntries(NAMES.map((name) => [name, { get: refuse }]))),
      new Proxy({}, { get: refuse, has: refuse, getOwnPropertyDescriptor: refuse, defineProperty: refuse }),
      null,
      5,
      {},
      Object.freeze({ getSystemInfoSync: () => ({}) }),
    ];
    for (const wx of shapes) {
      const errors: unknown[] = [];
      const sandbox = vm.createContext({
        wx,
        console: { error: (e: unknown) => errors.push(e), warn: () => {} },
      });
      vm.runInContext(text, sandbox);
      expect(errors).toEqual([]);
    }
    function refuse(): never {
      throw new Error('denied');
    }
  });

  test('without wx, exports, console or timers', () => {
    const sandbox = vm.createContext({});
    vm.runInContext(text, sandbox);
    expect(Object.keys(sandbox)).toEqual([]);
  });

  test('with an exports that is no object', () => {
    for (const exported of [undefined, null, 5]) {
      const sandbox = vm.createContext({ exports: exported });
      vm.runInContext(text, sandbox);
      expect(Object.keys(sandbox)).toEqual(['exports']);
    }
  });

  test('the JSSDK of H5 pages is a wx too, and no host', () => {
    const wx = { config() {}, ready() {}, chooseImage() {} };
    vm.runInContext(text, vm.createContext({ wx }));
    expect(Object.getOwnPropertyNames(wx)).toEqual(['config', 'ready', 'chooseImage']);
  });

  test.each(['qq', 'uni', 'Taro'])('%s is a host where there is no wx', (name) => {
    const global: Any = { getSystemInfoSync: () => ({}), operateWXData() {} };
    vm.runInContext(text, vm.createContext({ [name]: global, Promise, setTimeout, clearTimeout }));
    expect(typeof global.serviceMarket.invokeService).toBe('function');
  });

  test('serviceMarket that is an accessor without setter is replaced all the same', async () => {
    const host = hostOf({ sdkVersion: '2.11.0' });
    expect(Object.getOwnPropertyDescriptor(host.wx, 'serviceMarket')?.set).toBeUndefined();
    host.load(file);
    expect(typeof host.wx.serviceMarket.getAsyncResult).toBe('function');
  });

  test('serviceMarket that is not configurable: said once, and nothing breaks', async () => {
    const host = hostOf({ sdkVersion: '2.11.0' });
    host.run("Object.defineProperty(wx, 'serviceMarket', {configurable: false})");
    const before = host.wx.serviceMarket;
    host.load(file);
    expect(host.wx.serviceMarket).toBe(before);
    expect(host.logs.map(({ level }) => level)).toEqual(['warn']);
  });

  test('a frozen wx: it says so, and the import works', async () => {
    const host = hostOf({ frozen: true });
    const exported = host.load(file);
    expect(host.wx.serviceMarket).toBeUndefined();
    expect(host.logs).toEqual([{ level: 'warn', text: expect.stringMatching(/wx\.serviceMarket.*import/) }]);
    for (const sm of [exported, host.load(IMPORTED)]) {
      const code = "return sm.invokeService({service: 's', api: 'a', data: {c: new sm.CDN('x')}})";
      const { ok } = await outcomeOnHost(host, code, { sm });
      expect(host.cdn.text(ok.data.c)).toBe('x');
    }
    const { problem } = host.run('return sm.install()', { sm: exported });
    expect(problem).toMatch(/frozen|not extensible|Failed to set/i);
  });

  test('loaded twice, it installs once', async () => {
    const host = hostOf();
    host.load(file);
    const before = host.wx.serviceMarket;
    host.run(text);
    expect(host.wx.serviceMarket).toBe(before);
    expect((await outcomeOnHost(host, CALL)).ok.data).toEqual({ k: 1 });
    expect(messagesOf(host)).toHaveLength(1);
  });

  test('undo takes away what was added', () => {
    const host = hostOf();
    const exported = host.load(file);
    host.run('sm.install().undo()', { sm: exported });
    expect('serviceMarket' in host.wx).toBe(false);
  });

  test('works without Object.assign-era extras: no Symbol, Map, Set, WeakMap, Proxy, Reflect', async () => {
    const host = hostOf();
    host.script(`
      ['Symbol', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Proxy', 'Reflect', 'Intl'].forEach(function (name) {
        delete this[name];
      }, this);
      ['from', 'of'].forEach(function (name) { delete Array[name]; });
      ['find', 'findIndex', 'fill', 'includes', 'entries', 'keys', 'values'].forEach(function (name) { delete Array.prototype[name]; });
      ['includes', 'startsWith', 'endsWith', 'repeat', 'normalize', 'codePointAt'].forEach(function (name) { delete String.prototype[name]; });
      ['isInteger', 'isFinite', 'isNaN'].forEach(function (name) { delete Number[name]; });
    `);
    host.load(file);
    const code = `
      return sm.invokeService({service: 's', api: 'a', data: {c: new CDN('x'), d: new CDN('x'), f: new CDN({filePath: 'wxfile://tmp_a.png'})}})
    `;
    const { ok, error } = await outcomeOnHost(host, code);
    expect(error).toBeUndefined();
    expect(Object.values(ok.data).map((url) => host.cdn.text(url as string))).toEqual(['x', 'x', 'PNG-A']);
  });
});

test('a wrapper that another tool puts around wx.operateWXData later applies', async () => {
  const host = hostOf();
  host.load(path.join(ROOT, BUNDLES[0]));
  host.run(`
    var original = wx.operateWXData;
    // The members of this age are accessors without a setter.
    Object.defineProperty(wx, 'operateWXData', {
      value: function (args) { wx.seen = (wx.seen || 0) + 1; return original(args); },
    });
  `);
  await outcomeOnHost(host, CALL);
  expect(host.wx.seen).toBe(1);
});

test('a bridge that throws is a failure like any other', async () => {
  const host = hostOf();
  host.load(path.join(ROOT, BUNDLES[0]));
  host.run(
    "Object.defineProperty(wx, 'operateWXData', { value: function () { throw new TypeError('mine') } })",
  );
  const { error } = await outcomeOnHost(host, CALL);
  expect(error).toMatchObject({ errCode: -2, message: expect.stringContaining('mine') });
});
