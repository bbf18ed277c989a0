import path from 'node:path';

import type { HostOptions } from '../../src/simulator';
import { temporaryFolder } from '../support/files';
import { openHost } from '../support/hosts';

/** What page code sees around it (protocol 10), and the loader. */

describe('the environment of page code', () => {
  test.each([
    'window',
    'document',
    'self',
    'navigator',
    'XMLHttpRequest',
    'eval',
    'process',
    'Buffer',
    'fetch',
  ])('%s is undefined', (name) => {
    expect(openHost().run(`return typeof ${name}`)).toBe('undefined');
  });

  test('Function gives neither code nor the global', () => {
    const made = openHost();
    expect(made.run("return typeof Function('return this')()")).toBe('object');
    expect(made.run("return Function('return this')().wx")).toBeUndefined();
    expect(() => made.run("return new Function('return 1')()")).toThrow('not a function');
    expect(() => made.run("return (function () {}).constructor('return wx')()")).toThrow('not a function');
    expect(() => made.run("return Object.getPrototypeOf(function* () {}).constructor('return 1')")).toThrow(
      'Code generation from strings disallowed',
    );
  });

  test('objects are the realm’s own', () => {
    const made = openHost({ files: { 'wxfile://usr/a': 'A' } });
    expect(made.run('return wx.getSystemInfoSync() instanceof Object')).toBe(true);
    expect(made.run('return wx.request instanceof Function')).toBe(true);
    expect(made.run("return wx.base64ToArrayBuffer('QQ==') instanceof ArrayBuffer")).toBe(true);
    expect(made.run('try { wx.arrayBufferToBase64(Symbol()) } catch (e) { return e instanceof Error }')).toBe(
      true,
    );
    expect(made.run('return data.list instanceof Array', { data: { list: [1] } })).toBe(true);
  });

  test('nothing of the outside can be reached through a function of wx', () => {
    const made = openHost();
    expect(() => made.run("return wx.request.constructor('return process')()")).toThrow('not a function');
  });

  test('Promise.prototype.finally is missing on 2.11.0 of ios alone', () => {
    const has = (options: HostOptions): unknown =>
      openHost(options).run('return typeof Promise.prototype.finally');
    expect(has({ sdkVersion: '2.11.0', platform: 'ios' })).toBe('undefined');
    expect(has({ sdkVersion: '2.11.0', platform: 'android' })).toBe('function');
    expect(has({ sdkVersion: '2.30.3', platform: 'ios' })).toBe('function');
  });

  test('a plain script leaves its globals where they can be counted', () => {
    const made = openHost();
    const before = made.globals();
    made.script('var leaked = 1;');
    expect(made.globals().filter((name) => !before.includes(name))).toEqual(['leaked']);
  });

  test('time in the realm is the host’s', async () => {
    const made = openHost();
    const start = made.clock.now();
    expect(made.run('return [Date.now(), new Date().getTime(), new Date(5).getTime()]')).toEqual([
      start,
      start,
      5,
    ]);
    const ticks = made.run(
      'var t = []; setInterval(function () { t.push(Date.now()) }, 100); return t',
    ) as number[];
    await made.clock.advance(350);
    expect(ticks).toEqual([start + 100, start + 200, start + 300]);
  });

  test('an error thrown by a timer is kept, and the next timer still fires', async () => {
    const made = openHost();
    const log = made.run(
      'var l = []; setTimeout(function () { throw new Error("boom") }); setTimeout(function () { l.push(1) }); return l',
    );
    await made.clock.run();
    expect(made.errors).toMatchObject([{ message: 'boom' }]);
    expect(log).toEqual([1]);
  });

  test('timers of page code sleep in the background', async () => {
    const made = openHost();
    const log = made.run(
      'var l = []; wx.onAppShow(function () { l.push("show") }); wx.onAppHide(function () { l.push("hide") }); setTimeout(function () { l.push("due") }, 10); return l',
    );
    made.background();
    await made.clock.advance(1000);
    expect(log).toEqual(['hide']);
    made.foreground();
    await made.clock.advance(0);
    expect(log).toEqual(['hide', 'show', 'due']);
  });

  test('a clock that never comes to rest is stopped', async () => {
    const made = openHost();
    made.run('setInterval(function () {}, 1)');
    await expect(made.clock.run()).rejects.toThrow("100000 timers fired and 'setInterval' is next");
  });

  test('a promise that nothing can settle is named', async () => {
    const promise = openHost().run('return new Promise(function () {})') as Promise<unknown>;
    await expect(openHost().clock.until(promise)).rejects.toThrow('it is pending and no timer is left');
  });
});

describe('the loader', () => {
  test('runs each file once, with relative requires and packages', () => {
    const root = temporaryFolder({
      'app/index.js':
        "exports.a = require('./a'); exports.again = require('./a.js'); exports.up = require('../lib/up'); exports.p = require('pkg')",
      'app/a.js':
        'module.exports = { self: this === undefined ? 1 : 2, n: (wx.count = (wx.count || 0) + 1) }',
      'lib/up.js': "module.exports = 'beside'",
      'miniprogram_npm/pkg/index.js': "module.exports = 'package'",
    });
    const made = openHost();
    const loaded = made.load(path.join(root, 'app/index.js'));
    expect(loaded.a).toBe(loaded.again);
    expect(loaded.a.n).toBe(1);
    expect([loaded.up, loaded.p]).toEqual(['beside', 'package']);
    expect(made.load(path.join(root, 'app/index.js'))).toBe(loaded);
  });

  test('a missing module is named as the platform names it', () => {
    const root = temporaryFolder({ 'a.js': "require('./no')" });
    const load = (sdkVersion: string): unknown => openHost({ sdkVersion }).load(path.join(root, 'a.js'));
    expect(() => load('1.6.0')).toThrow('module "no.js" is not defined');
    expect(() => load('2.11.0')).toThrow('module "no" is not defined');
    expect(() => load('2.30.3')).toThrow("module 'no.js' is not defined, require args is './no'");
  });

  test('boots a mini-program and opens its pages', async () => {
    const root = temporaryFolder({
      'project.config.json': '{"miniprogramRoot": "mini/"}',
      'mini/app.json':
        '{"pages": ["pages/one/one"], "subpackages": [{"root": "sub", "pages": ["p"], "entry": "e.js"}]}',
      'mini/app.js':
        'App({ log: [], onLaunch: function (o) { this.log.push(o.path) }, onShow: function () { this.log.push("show") } })',
      'mini/pages/one/one.js':
        'Page({ data: { list: [] }, onLoad: function (q) { this.setData({ "list[0].name": q.n }) }, onShow: function () { getApp().log.push("page") } })',
      'mini/sub/e.js': 'getApp().log.push("entry")',
      'mini/sub/p.js': 'Page({ onLoad: function () { this.setData({ depth: getCurrentPages().length }) } })',
    });
    const made = openHost();
    const app = made.boot(root);
    const page = made.show('pages/one/one', { n: 'N' });
    expect(page.data).toEqual({ list: [{ name: 'N' }] });
    expect(made.show('sub/p').data).toEqual({ depth: 2 });
    expect(app.instance.log).toEqual(['pages/one/one', 'show', 'page', 'entry']);
    expect(() => made.show('pages/two')).toThrow('there is no such page. Pages are pages/one/one, sub/p.');
  });
});

describe('engines', () => {
  /** Names that page code cannot use. */
  const absent = (options: HostOptions): string[] => {
    const made = openHost(options);
    const names = ['Object.entries', 'Array.prototype.flat', 'globalThis', 'Proxy', 'Promise.allSettled'];
    const exists = (name: string): unknown => {
      const parts = name.split('.');
      const guards = parts.map((_, index) => `typeof ${parts.slice(0, index + 1).join('.')} !== 'undefined'`);
      return made.run(`return ${guards.join(' && ')}`);
    };
    return names.filter((name) => !exists(name));
  };

  test('old rows lack what came later', () => {
    expect(absent({ sdkVersion: '1.6.0', platform: 'ios' })).toHaveLength(5);
    expect(absent({ sdkVersion: '2.11.0', platform: 'android' })).toEqual([
      'Object.entries',
      'Array.prototype.flat',
      'globalThis',
      'Promise.allSettled',
    ]);
    expect(absent({ sdkVersion: 'newest' })).toEqual([]);
  });

  test('members appear with their base library', () => {
    const has = (sdkVersion: string): unknown =>
      openHost({ sdkVersion }).run(
        "return ['onAppShow', 'nextTick', 'getAccountInfoSync', 'compressImage', 'chooseMedia', 'getFileInfo'].filter(function (n) { return n in wx })",
      );
    expect(has('1.9.6')).toEqual(['getFileInfo']);
    expect(has('2.2.3')).toEqual(['onAppShow', 'nextTick', 'getAccountInfoSync', 'getFileInfo']);
    expect(has('2.10.0')).toHaveLength(6);
  });
});

describe('wrong use', () => {
  test.each([
    [{ platform: 'Android' }, 'platform is "Android". Use one of android, ios, devtools.'],
    [{ bridge: 'no' }, 'bridge is "no". Use one of allowed, denied, absent.'],
    [{ wireVersion: 3 }, 'wireVersion is 3. Use one of 0, 1, 2.'],
  ])('%j is refused', (options, text) => {
    expect(() => openHost(options as HostOptions)).toThrow(`Failed to create a host: ${text}`);
  });

  test('an unknown effect is refused', () => {
    expect(() => openHost().fault({ api: 'request', effect: { explode: true } as never })).toThrow(
      'effect {explode} is unknown. Use one of delay, ',
    );
  });

  test('a file that is not there is named', () => {
    expect(() => openHost().load('/no/such.js')).toThrow(
      'Failed to load /no/such.js: there is no such file.',
    );
    expect(() => openHost().show('pages/a')).toThrow('no mini-program is running. Call boot() first.');
    expect(() => openHost().boot('/no/such')).toThrow('there is no app.json');
  });
});
