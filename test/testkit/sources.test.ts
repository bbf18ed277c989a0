/** Sources as owners have them: TypeScript, ES modules, installed packages, and the package itself where it is asked for. */
import { openProject, project } from './support';

const manifest = (fields: object): string => JSON.stringify(fields);

test('TypeScript and ES modules run as the developer tools run them', async () => {
  const host = openProject(
    project('', '', {
      'app.json': '{ "pages": ["pages/b/b"], "resolveAlias": { "~/*": "/*" } }',
      'pages/b/b.ts': `import join, { type Item, Kind } from '~/lib/items';
        import * as all from '../../lib/items';
        interface Data { text: string; kind: Kind }
        Page<Data, { read(items: Item[]): void }>({
          data: { text: '', kind: Kind.None },
          read(items: Item[]) { this.setData({ text: join(items), kind: all.Kind.Text as Kind }); },
        });`,
      'lib/items.ts': `export interface Item { text: string }
        export enum Kind { None, Text }
        export default (items: Item[]): string => items.map((item) => item?.text ?? '').join();`,
    }),
  );
  const page = await host.open('pages/b/b');
  page.read([{ text: 'a' }, undefined]);
  expect(page.data).toStrictEqual({ text: 'a,', kind: 1 });
});

test('a mistake in a source is said with its place', async () => {
  const host = openProject(project("import { a } from './b'\nPage({ data: { }"));
  await expect(host.open('pages/a/a')).rejects.toThrow(/Failed to read .*pages\/a\/a\.js: .*\(2:\d+\)/);
});

describe('installed packages are what "Build npm" would pack', () => {
  const page = (request: string): string =>
    `const p = require('${request}'); Page({ data: { p: p.default || p } })`;
  const PACKAGES = {
    'package.json': manifest({
      dependencies: { mini: '1', lib: '1', '@s/scoped': '1' },
      devDependencies: { tool: '1' },
    }),
    'node_modules/mini/package.json': manifest({ main: 'lib/index.js', miniprogram: 'mp' }),
    'node_modules/mini/lib/index.js': 'module.exports = "main"',
    'node_modules/mini/mp/index.js': 'module.exports = require("./part")',
    'node_modules/mini/mp/part.js': 'module.exports = "mini"',
    'node_modules/lib/package.json': manifest({
      main: './src',
      exports: { '.': './other.js' },
      dependencies: { dep: '1' },
    }),
    'node_modules/lib/src/index.js':
      "import dep from 'dep'; import n from './n.json'; export default [dep, n]",
    'node_modules/lib/src/n.json': '1',
    'node_modules/dep/package.json': manifest({}),
    'node_modules/dep/index.js': 'module.exports = "dep"',
    'node_modules/@s/scoped/package.json': manifest({}),
    'node_modules/@s/scoped/miniprogram_dist/index.js': 'module.exports = "scoped"',
    'node_modules/@s/scoped/miniprogram_dist/a/b.js': 'module.exports = "deep"',
    'node_modules/tool/package.json': manifest({}),
    'node_modules/tool/index.js': 'module.exports = "tool"',
  };

  test.each([
    ['mini', 'mini'],
    ['lib', ['dep', 1]],
    ['@s/scoped', 'scoped'],
    ['@s/scoped/a/b', 'deep'],
  ])('%s', async (request, value) => {
    const { data } = await openProject(project(page(request), '', PACKAGES)).open('pages/a/a');
    expect(data).toStrictEqual({ p: value });
  });

  test('what was built goes before what is installed', async () => {
    const built = { ...PACKAGES, 'miniprogram_npm/mini/index.js': 'module.exports = "built"' };
    expect((await openProject(project(page('mini'), '', built)).open('pages/a/a')).data).toStrictEqual({
      p: 'built',
    });
  });

  test('what is only for development is not packed', async () => {
    await expect(openProject(project(page('tool'), '', PACKAGES)).open('pages/a/a')).rejects.toThrow(
      'Failed to require tool: it is a devDependency, and "Build npm" packs dependencies alone. Move it to "dependencies" in package.json.',
    );
  });

  test.each(['lib/src/index', 'nowhere'])('%s is not there', async (request) => {
    await expect(openProject(project(page(request), '', PACKAGES)).open('pages/a/a')).rejects.toThrow(
      `module 'pages/a/${request}.js' is not defined`,
    );
  });
});

describe('a project that asks for the service market', () => {
  const files = {
    'app.json': '{ "pages": ["pages/a/a"], "servicemarket": true }',
    'servicemarket.config.json': '{ "relay": { "url": "https://relay.example.com" } }',
    'project.config.json': '{ "appid": "wxowner", "libVersion": "2.9.0" }',
  };
  const CALL = "Page({ call() { return wx.serviceMarket.invokeService({ service: 'wxs', api: 'a' }); } })";

  test('runs as if it had been injected, on the base library and for the appid of its settings', async () => {
    const host = openProject(project(CALL, '', files));
    host.provide('wxs', { a: () => 'ok' });
    expect((await (await host.open('pages/a/a')).call()).data).toBe('ok');
    expect(host.profile).toMatchObject({ row: '2.8.3', sdkVersion: '2.9.0' });
    expect(host.bills).toMatchObject([{ by: 'wxowner' }]);
  });

  test('uses its configuration', async () => {
    const asked: string[] = [];
    const relay = ({ path }: { path: string }) => {
      asked.push(path);
      return path === '/session'
        ? { body: { token: 't', expires_in: 7200 } }
        : { body: { scene: 4, errcode: 0, request_id: 'r', data: '"relayed"' } };
    };
    const network = { 'https://relay.example.com': relay };
    const host = openProject(project(CALL, '', files), { network, bridge: 'denied' });
    await (await host.open('pages/a/a')).call().catch(() => {});
    expect(asked).toContain('/session');
  });

  test('that does not ask gets nothing', async () => {
    const host = openProject(project(CALL), { sdkVersion: '2.8.3' });
    const page = await host.open('pages/a/a');
    expect(() => page.call()).toThrow("reading 'invokeService'");
  });
});
