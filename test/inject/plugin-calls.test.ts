/** Injected projects with plugins, run on the simulated host with the built files. */
import { join } from 'node:path';
import { injectProject } from '../../src/inject';
import { createHost } from '../../src/simulator';
import type { Host } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import type { Files } from '../support/files';

const HOST = 'wxhostpays';
const PROVIDER = { version: '1.0.0', provider: 'wxplugin' };
/** The plugin's author uses the platform's member and does nothing for the shim. */
const MAIN = `
  exports.ask = function (api, told) {
    wx.serviceMarket.invokeService({ service: 'wxs', api: api, data: { n: 1 } }).then(
      function (reply) { told('ok ' + JSON.stringify(reply.data)) },
      function (error) { told('fail ' + error.errCode) });
  };
`;
const page = (name: string): Files => ({
  [`mp/${name}.js`]: 'Page({ onLoad: function () { wx.pages = (wx.pages || 0) + 1 } })',
});

function project(manifest: object, plugins: object, more: Files = {}): string {
  const root = temporaryFolder({
    'project.config.json': JSON.stringify({
      appid: 'wxplugin',
      compileType: 'plugin',
      miniprogramRoot: 'mp',
      pluginRoot: 'plugin',
    }),
    'servicemarket.config.json': JSON.stringify({ plugins }),
    'mp/app.json': JSON.stringify({ servicemarket: true, pages: ['a'], ...manifest }),
    'mp/app.js': 'App({ started: true })',
    ...page('a'),
    'plugin/plugin.json': '{"main":"lib/index.js","publicComponents":{"c":"c"}}',
    'plugin/lib/index.js': MAIN,
    'plugin/c.js': 'Component({})',
    'plugin/c.json': '{"component":true}',
    ...more,
  });
  expect(injectProject(root).status).toBe('injected');
  return root;
}

function start(root: string, sdkVersion = '2.8.3'): Host {
  const host = createHost({
    sdkVersion,
    appid: HOST,
    plugins: [{ appid: PROVIDER.provider, root: join(root, 'plugin') }],
  });
  cleanUpAfterTest(() => host.close());
  host.boot(root);
  return host;
}

async function ask(host: Host, api = 'A', name = 'hello'): Promise<string[]> {
  host.run('var told = wx.told = []; requirePlugin(name).ask(api, function (text) { told.push(text) })', {
    name,
    api,
  });
  await host.clock.run();
  return Array.from(host.wx.told as ArrayLike<string>);
}

describe('an injected project', () => {
  test.each(['1.9.6', '2.8.3', '2.11.1', 'newest'])(
    'lets its plugin call on the host’s account on %s',
    async (sdkVersion) => {
      const host = start(project({ plugins: { hello: PROVIDER } }, { hello: 'all' }), sdkVersion);
      expect(await ask(host)).toEqual(['ok {"n":1}']);
      expect(host.market.bills.map(({ by }) => by)).toEqual([HOST]);
      expect(host.errors).toEqual([]);
    },
  );

  test('holds its plugin to the policy of servicemarket.config.json', async () => {
    const rules = [{ service: 'wxs', api: 'A', perMinute: 1 }];
    const host = start(project({ plugins: { hello: PROVIDER } }, { hello: rules }));
    expect(await ask(host, 'B')).toEqual(['fail -1']);
    expect(await ask(host)).toEqual(['ok {"n":1}']);
    expect(await ask(host)).toEqual(['fail -1']);
    expect(host.market.bills).toHaveLength(1);
  });

  test('connects no plugin that is not listed: it pays nothing and has nothing', async () => {
    const host = start(project({ plugins: { hello: PROVIDER } }, { other: 'all' }));
    expect(await ask(host)).toEqual(['fail -2']);
    expect(host.market.bills).toEqual([]);
  });

  test('is not hurt by a plugin whose main throws', async () => {
    const broken = project(
      { plugins: { hello: PROVIDER } },
      { hello: 'all' },
      {
        'plugin/lib/index.js': 'throw new Error("broken")',
      },
    );
    const host = start(broken);
    await host.clock.run();
    expect(host.show('a')).toBeDefined();
    expect(host.wx.pages).toBe(1);
    expect(typeof host.wx.serviceMarket.invokeService).toBe('function');
  });

  test('connects the plugin of a subpackage when that is entered', async () => {
    const subpackages = [{ root: 'sub', pages: ['p'], plugins: { hello: PROVIDER } }];
    const root = project({ subpackages }, { hello: 'all' }, page('sub/p'));
    const host = start(root);
    host.show('sub/p');
    expect(await ask(host)).toEqual(['ok {"n":1}']);
    expect(host.market.bills.map(({ by }) => by)).toEqual([HOST]);
    expect(host.errors).toEqual([]);
  });
});
