import path from 'node:path';
import type { Any, Host, HostOptions } from '../../src/simulator';
import { temporaryFolder } from '../support/files';
import { openHost } from '../support/hosts';

/** Plugins (protocol 12). */

/** A host with one declared plugin `foo` of appid `wxplug`. */
function withPlugin(files: Record<string, string>, options?: HostOptions, extra = {}): Host {
  const root = temporaryFolder({ 'plugin.json': '{"main": "index.js"}', 'index.js': '', ...files });
  return openHost({ ...options, plugins: [{ appid: 'wxplug', root, name: 'foo', ...extra }] });
}

const OLD: HostOptions = { sdkVersion: '2.11.0' };
const NEW: HostOptions = { sdkVersion: '2.30.3' };

describe('requirePlugin', () => {
  test('runs main on the first call and gives its exports as they are', () => {
    const made = withPlugin({
      'index.js': 'wx.ran = (wx.ran || 0) + 1; exports.wx = wx; exports.list = [1]',
    });
    expect(made.plugin('foo').wx.ran).toBeUndefined();
    const facts =
      "var p = requirePlugin('foo'); return [p === requirePlugin('foo/sub'), p.wx.ran, p.list instanceof Array, p.wx === wx]";
    expect(made.run(facts)).toEqual([true, 1, true, false]);
  });

  test('1.6.0 has none', () => {
    expect(openHost({ sdkVersion: '1.6.0' }).run('return typeof requirePlugin')).toBe('undefined');
  });

  test.each([
    ['2.11.0', "'bar'", 'Plugin "bar" has not registered.'],
    ['2.30.3', "''", 'Plugin "" has not registered.'],
    ['2.11.0', "'FOO'", 'Plugin "FOO" has not registered.'],
    ['2.11.0', "'wxplug'", 'Plugin "wxplug" has not registered.'],
    ['2.11.0', "'plugin://X'", 'Plugin "X/0" is not defined.'],
    ['2.30.3', "'plugin://X'", 'Plugin "plugin://X" has not registered.'],
    ['2.30.3', '5', 'requirePlugin args must be a string.'],
  ])('%s: requirePlugin(%s) throws', (sdkVersion, name, message) => {
    const made = withPlugin({}, { sdkVersion });
    expect(
      made.run(`try { requirePlugin(${name}) } catch (e) { return [e instanceof Error, e.message] }`),
    ).toEqual([true, message]);
  });

  test('2.30.3 takes the appid for a name, and gives the function for a URL', () => {
    const made = withPlugin({ 'index.js': 'exports.x = 1' }, NEW);
    expect(made.run("return [requirePlugin('wxplug').x, requirePlugin('plugin://wxplug')().x]")).toEqual([
      1, 1,
    ]);
  });

  test('nothing declared, and declared without a package', () => {
    expect(() => openHost().run("requirePlugin('foo')")).toThrow(
      'This application has not registered any plugins yet.',
    );
    const root = temporaryFolder({
      'app.json': '{"pages": [], "plugins": {"foo": {"provider": "wxgone", "version": "1"}}}',
      'app.js': '',
    });
    const made = openHost();
    made.boot(root);
    expect(() => made.run("requirePlugin('foo')")).toThrow('Plugin "wxgone/0" is not defined.');
  });

  test('two names for one appid: the same object, on 2.30.3 a TypeError', () => {
    const root = temporaryFolder({ 'plugin.json': '{"main": "m.js"}', 'm.js': 'exports.x = {}' });
    const project = temporaryFolder({
      'app.json':
        '{"pages": [], "plugins": {"a": {"provider": "wxp", "version": "1"}, "b": {"provider": "wxp", "version": "1"}}}',
      'app.js': '',
    });
    const booted = (options: HostOptions): Host => {
      const made = openHost({ ...options, plugins: [{ appid: 'wxp', root }] });
      made.boot(project);
      return made;
    };
    expect(booted(OLD).run("return requirePlugin('a') === requirePlugin('b')")).toBe(true);
    expect(booted(NEW).run("try { requirePlugin('a') } catch (e) { return e instanceof TypeError }")).toBe(
      true,
    );
  });

  test('2.30.3 has a callback and a promise, 2.11.0 neither', async () => {
    const made = withPlugin({ 'index.js': 'exports.x = 1' }, NEW);
    const seen = made.run(
      "var s = []; requirePlugin('foo', function (p) { s.push(p.x) }); s.push('ret'); return s",
    );
    await made.clock.run();
    expect(seen).toEqual(['ret', 1]);
    const rejected = made.run(
      "return requirePlugin.async('no').then(null, function (e) { return e.message })",
    ) as Promise<string>;
    expect(await rejected).toBe('Plugin "no" has not registered.');
    expect(() => made.run("requirePlugin('no', function () {})")).toThrow('has not registered');
    expect(withPlugin({}, OLD).run("return [typeof requirePlugin.async, requirePlugin('foo', 1)]")).toEqual([
      'undefined',
      {},
    ]);
  });
});

describe('errors', () => {
  const BROKEN = { 'index.js': "wx.runs = (wx.runs || 0) + 1; exports.half = 1; throw new Error('boom')" };
  const twice =
    "return [1, 2].map(function () { try { return requirePlugin('foo') } catch (e) { return e.message } })";

  test('main throws: 2.11.0 runs it again, 2.30.3 gives what is there', () => {
    const old = withPlugin(BROKEN, OLD);
    expect(old.run(twice)).toEqual(['boom', 'boom']);
    expect(old.plugin('foo').wx.runs).toBe(2);
    const newer = withPlugin(BROKEN, NEW);
    expect(newer.run(twice)).toEqual(['boom', { half: 1 }]);
    expect(newer.plugin('foo').wx.runs).toBe(1);
  });

  test('a component throws: 2.11.0 and devtools stop there, 2.30.3 on a phone logs it', () => {
    const files = {
      'plugin.json': '{"publicComponents": {"c": "c"}, "main": "index.js"}',
      'c.js': "throw new Error('component')",
      'index.js': 'exports.x = 1',
    };
    const old = withPlugin(files, OLD);
    expect(old.errors).toMatchObject([{ message: 'component' }]);
    expect(old.run(twice)).toEqual(['component', 'component']);
    const newer = withPlugin(files, NEW);
    expect(newer.run(twice)).toEqual([{ x: 1 }, { x: 1 }]);
    expect(newer.logs).toMatchObject([{ level: 'error' }]);
    expect(withPlugin(files, { ...NEW, platform: 'devtools' }).errors).toHaveLength(1);
  });
});

describe('a plugin’s code', () => {
  test('shares the realm, not the host’s globals or files', () => {
    const made = withPlugin({
      'index.js': `exports.types = [typeof getApp, typeof App, typeof window, typeof self, typeof eval].join();
        global.x = 1; exports.Array = Array; exports.load = function (f) { return require(f) }; exports.inner = require('./inner')`,
      'inner.js': 'exports.shared = [wx.own, typeof Page, global.x]; wx.own = 1',
    });
    const outside = temporaryFolder({ 'secret.js': 'module.exports = 1' });
    const facts = made.run(
      "var p = requirePlugin('foo'); return [p.types, p.Array === Array, typeof x, p.inner.shared]",
    );
    expect(facts).toEqual([Array(5).fill('undefined').join(), true, 'undefined', [undefined, 'function', 1]]);
    expect(() => made.run("requirePlugin('foo').load('app.js')")).toThrow(
      'Plugin module "app.js" is not defined.',
    );
    expect(() =>
      made.run("requirePlugin('foo').load(f)", { f: `../${path.basename(outside)}/secret.js` }),
    ).toThrow('is not defined');
  });

  test('the host cannot require the plugin’s files', () => {
    const project = temporaryFolder({
      'project.config.json': '{"miniprogramRoot": "host", "pluginRoot": "plugin", "appid": "wxdev"}',
      'host/app.json': '{"pages": [], "plugins": {"dev": {"provider": "wxdev", "version": "dev"}}}',
      'host/app.js':
        "try { require('../plugin/index.js') } catch (e) { wx.refused = e.message } wx.plugin = requirePlugin('dev').x",
      'plugin/plugin.json': '{"main": "index.js"}',
      'plugin/index.js': 'exports.x = 7',
    });
    const made = openHost();
    made.boot(project);
    expect(made.wx.refused).toBe('module "plugin/index" is not defined');
    expect(made.wx.plugin).toBe(7);
  });

  test('requireMiniProgram gives the exported host file, from 2.11.1 on', () => {
    const file = path.join(temporaryFolder({ 'exported.js': 'exports.host = wx' }), 'exported.js');
    const files = {
      'index.js':
        'exports.type = typeof requireMiniProgram; exports.get = function () { return requireMiniProgram() }',
    };
    expect(withPlugin(files, OLD).run("return requirePlugin('foo').type")).toBe('undefined');
    for (const sdkVersion of ['2.11.1', '2.30.3']) {
      const made = withPlugin(files, { sdkVersion }, { export: file });
      expect(made.run("return requirePlugin('foo').get().host === wx")).toBe(true);
    }
    expect(withPlugin(files, NEW).run("return requirePlugin('foo').get()")).toEqual({});
    expect(() => withPlugin(files, NEW, { export: '/no/f.js' }).run("requirePlugin('foo').get()")).toThrow(
      'is not defined, require args is',
    );
  });

  test('a plugin of a subpackage is there once the subpackage is', () => {
    const root = temporaryFolder({
      'plugin.json': '{"main": "m.js", "pages": {"hello": "pages/h"}}',
      'm.js': 'exports.x = 1',
      'pages/h.js': 'Page({ data: { ofPlugin: true } })',
    });
    const project = temporaryFolder({
      'app.json':
        '{"pages": [], "subpackages": [{"root": "s", "pages": ["p"], "plugins": {"foo": {"provider": "wxp", "version": "1"}}}]}',
      'app.js': '',
      's/p.js': 'Component({ data: { x: requirePlugin("foo").x } })',
    });
    const made = openHost({ plugins: [{ appid: 'wxp', root }] });
    made.boot(project);
    expect(() => made.run("requirePlugin('foo')")).toThrow('has not registered any plugins yet');
    expect(made.show('s/p').data).toEqual({ x: 1 });
    expect(made.show('plugin://foo/hello').data).toEqual({ ofPlugin: true });
    expect(() => made.show('plugin://foo/no')).toThrow('there is no such page');
  });
});

describe('a plugin’s wx', () => {
  const members = (options: HostOptions): string[] => {
    const names = [
      'serviceMarket',
      'operateWXData',
      'getFileSystemManager',
      'env',
      'cloud',
      'canIUse',
      'checkSession',
      'uploadToCommonCDN',
      'saveFile',
      'login',
      'compressImage',
    ];
    return withPlugin({}, options)
      .plugin('foo')
      .run('return names.filter(function (n) { return wx[n] !== undefined })', { names }) as string[];
  };

  test('is restricted, by base library', () => {
    expect(members(OLD)).toEqual(['operateWXData', 'cloud', 'login']);
    expect(members({ sdkVersion: '2.11.1' })).toEqual(['serviceMarket', 'operateWXData', 'cloud', 'login']);
    expect(members(NEW)).toEqual([
      'serviceMarket',
      'operateWXData',
      'getFileSystemManager',
      'env',
      'cloud',
      'login',
      'compressImage',
    ]);
  });

  test.each([OLD, NEW])('may be extended, unseen by the host: %j', (options) => {
    const made = withPlugin({}, options);
    expect(
      made.plugin('foo').run('wx.serviceMarket = 5; wx.request = 6; return [wx.serviceMarket, wx.request]'),
    ).toEqual([5, 6]);
    expect(made.run('return typeof wx.request')).toBe('function');
  });

  test('denied members fail, or are silent without callbacks', async () => {
    const made = withPlugin({});
    const seen = made
      .plugin('foo')
      .run(
        'var s = []; s.push(wx.navigateTo({ url: "x" })); wx.pageScrollTo({ fail: function (e) { s.push(e.errMsg) } }); return s',
      );
    await made.clock.run();
    expect(seen).toEqual([undefined, 'pageScrollTo:fail rejected due to no permission currently in plugin']);
  });

  test('storage, login and the account are the plugin’s own', async () => {
    const made = withPlugin({}, {}, { version: '1.2.3' });
    const plugin = made.plugin('foo');
    plugin.run("wx.setStorageSync('k', 1)");
    expect(made.run("return [wx.getStorageSync('k'), wx.getStorageSync('__plugins__/wxplug/k')]")).toEqual([
      '',
      1,
    ]);
    expect(plugin.run('return [wx.getAccountInfoSync().plugin, wx.getPluginVersion()]')).toEqual([
      { appId: 'wxplug', version: '1.2.3' },
      '1.2.3',
    ]);
    const login = plugin.run(
      'return new Promise(function (done) { wx.login({ success: done }) })',
    ) as Promise<Any>;
    expect(await made.clock.until(login)).toMatchObject({ code: expect.any(String) });
    expect(made.nativeCalls.map(({ params }) => params.data)).toContainEqual({
      api_name: 'webapi_plugin_login',
      data: {},
      operate_directly: false,
      plugin_appid: 'wxplug',
    });
  });

  test('requests go only where the plugin’s own list allows', async () => {
    const seen: Record<string, string>[] = [];
    const network: HostOptions['network'] = {
      'https://mine.test': ({ headers }) => {
        seen.push(headers);
        return { body: 'ok' };
      },
    };
    const made = withPlugin(
      {},
      { network, domains: ['https://host.test'] },
      { domains: ['https://mine.test'] },
    );
    const code = 'return new Promise(function (done) { wx.request({ url: url, complete: done }) })';
    const ask = (url: string): Promise<Any> =>
      made.clock.until(made.plugin('foo').run(code, { url }) as Promise<Any>);
    expect(await ask('https://host.test/a')).toEqual({
      errMsg: 'request:fail Url "https://host.test/a" not in plugin\'s domain list.',
    });
    expect(await ask('https://mine.test/')).toMatchObject({ data: 'ok' });
    expect(JSON.parse(seen[0]!['x-wechat-hostsign'] as string)).toHaveProperty('signature');
  });

  test('2.30.3 keeps its files in a folder of its own', () => {
    const run = (file: string): unknown =>
      withPlugin({}, NEW)
        .plugin('foo')
        .run('wx.getFileSystemManager().writeFileSync(file, "x"); return wx.env.USER_DATA_PATH', { file });
    expect(run('wxfile://usr/__plugins__/wxplug/a')).toBe('wxfile://usr/__plugins__/wxplug');
    expect(() => run('wxfile://usr/a')).toThrow('permission denied');
  });
});

describe('who pays', () => {
  const REQ = { service_id: 'wxS', api_name: 'A', client_msg_id: 'm' };
  const operate =
    "wx.operateWXData({ apiName: 'webapi_servicemarket_jsapi_comm', reqData: reqData, success: function () { throw 1 }, complete: function () { wx.done = 1 } })";

  test('the plugin for its own operateWXData', async () => {
    const made = withPlugin({});
    const args = { reqData: REQ };
    made.plugin('foo').run(operate, args);
    await made.clock.run();
    expect(made.market.bills).toMatchObject([{ by: 'wxplug', channel: 'bridge' }]);
    expect(made.nativeCalls[0]!.params.data).toMatchObject({
      plugin_appid: 'wxplug',
      operate_directly: true,
    });
    expect(made.plugin('foo').wx.done).toBe(1);
    const newer = withPlugin({}, NEW);
    newer.plugin('foo').run(operate, args);
    await newer.clock.run();
    expect(newer.plugin('foo').wx.done).toBeUndefined();
  });

  test.each(['2.11.1', '2.30.3'])('%s: the host for the plugin’s own serviceMarket', async (sdkVersion) => {
    const made = withPlugin({}, { sdkVersion, appid: 'wxhost' });
    const call =
      "return wx.serviceMarket.invokeService({ service: 's', api: 'a', data: { c: marker || 1 } })";
    const promise = made
      .plugin('foo')
      .run(call, { marker: made.run("return new wx.serviceMarket.CDN('text')") }) as Promise<Any>;
    const { data } = await made.clock.until(promise);
    expect(made.cdn.text(data.c)).toBe('text');
    expect(made.market.bills).toMatchObject([{ by: 'wxhost', channel: 'native' }]);
    expect(made.market.messages[0]!.pluginAppid).toBe('wxplug');
    const facts = made.plugin('foo').run('return Object.keys(wx.serviceMarket).length') as number;
    expect(facts).toBe(sdkVersion === '2.30.3' ? 3 : 2);
  });

  test('the host where the host’s function carries the call', async () => {
    const made = withPlugin({ 'index.js': 'exports.use = function (f) { return f() }' }, { appid: 'wxhost' });
    made.run(`requirePlugin('foo').use(function () { ${operate} })`, { reqData: REQ });
    await made.clock.run();
    expect(made.market.bills).toMatchObject([{ by: 'wxhost' }]);
    expect(made.nativeCalls[0]!.params.data).not.toHaveProperty('plugin_appid');
  });
});
