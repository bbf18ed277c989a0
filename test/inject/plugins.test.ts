import { join } from 'node:path';
import { injectProject, removeInjection } from '../../src/inject';
import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { fakePackage } from './support';

const COPY = 'servicemarket-compat.js';
const CONNECTOR = 'servicemarket-plugins.js';
const PROVIDER = { version: '1.0.0', provider: 'wxp' };

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));

/** A mini-program with every place where a plugin can be declared. */
const tree: Record<string, string> = {
  'app.json': JSON.stringify({
    servicemarket: true,
    plugins: { hello: PROVIDER, other: PROVIDER },
    subpackages: [
      { root: 'shop/', pages: ['a/a', 'b'], entry: 'init.js', plugins: { pay: PROVIDER, hello: PROVIDER } },
      { root: 'alone', pages: ['p'], independent: true, plugins: { ocr: PROVIDER } },
      { root: 'none', pages: ['p'] },
    ],
  }),
  'app.js': 'App({})',
  'shop/init.js': 'export default 1',
  'shop/a/a.js': 'Page({})',
  'shop/b.js': "'use strict';\nPage({})",
  'alone/p.js': 'Page({})',
  'none/p.js': 'Page({})',
  'servicemarket.config.json': '{"plugins": {"hello": "all", "ocr": [{"service": "wxs"}], "pay": "all"}}',
};

/** Runs an injected file; gives what it was called with, and the plugins that its thunks require. */
function run(text: string): { config: unknown; required: Record<string, unknown> } {
  const exports = {} as { config: unknown; plugins: Record<string, () => unknown> };
  new Function('exports', 'requirePlugin', text)(exports, (name: string) => `required ${name}`);
  const required = Object.entries(exports.plugins).map(([name, thunk]) => [name, thunk()]);
  return { config: exports.config, required: Object.fromEntries(required) };
}

test('a plugin without "main" gets its copy for its pages; a script beside its folder is not its own', () => {
  const root = temporaryFolder({
    'project.config.json': '{"compileType": "plugin", "pluginRoot": "plugin"}',
    'plugin/plugin.json': '{"servicemarket": true, "pages": {"p": "pages/p"}}',
    'plugin/pages/p.js': 'Page({})',
    'plugin.js': 'exports.a = 1',
  });
  injectProject(root, { packageDir });
  const files = readFiles(root);
  expect(files['plugin/pages/p.js']).toBe(`;require("../${COPY}");Page({})`);
  expect(files['plugin.js']).toBe('exports.a = 1');
});

test('a package that was not built is an error that says so', () => {
  const root = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': '' });
  const unbuilt = temporaryFolder({ 'package.json': '{"version":"1.0.0"}' });
  expect(() => injectProject(root, { packageDir: unbuilt })).toThrow(
    /^Failed to use the built package: dist\/compat\/bridge\.min\.js: it cannot be read/,
  );
  expect(Object.keys(readFiles(root))).toEqual(['app.js', 'app.json']);
});

describe('a host that lists plugins', () => {
  test('gets the variant with the plugin part, its policies, and what requires its plugins', () => {
    const root = temporaryFolder(tree);
    const { notes } = injectProject(root, { packageDir });
    expect(notes).toEqual([]);
    const copy = readFiles(root)[COPY];
    const config = JSON.parse(tree['servicemarket.config.json']);
    expect(copy).toMatch(/^\S+ \S+ \S+ bridge\+plugins sha256:/);
    expect(copy).toContain(
      `${JSON.stringify(config)},{"hello":function(){return requirePlugin("hello")}});}\n`,
    );
    expect(run(copy)).toEqual({ config, required: { hello: 'required hello' } });
  });

  test('connects the plugins of a subpackage from its entry and pages, and of an independent one from its copy', () => {
    const root = temporaryFolder(tree);
    injectProject(root, { packageDir });
    const files = readFiles(root);
    expect(files[`shop/${CONNECTOR}`]).toBe(
      `/* eslint-disable */\n// @ts-nocheck\n// prettier-ignore\n{require("../${COPY}").connectPlugins({"pay":function(){return requirePlugin("pay")}});}\n`,
    );
    expect(files).toMatchObject({
      'shop/init.js': `import "./${CONNECTOR}";export default 1`,
      'shop/a/a.js': `;require("../${CONNECTOR}");Page({})`,
      'shop/b.js': `'use strict';require("./${CONNECTOR}");;\nPage({})`,
      'none/p.js': 'Page({})',
    });
    expect(run(files[`alone/${COPY}`]).required).toEqual({ ocr: 'required ocr' });
    expect(Object.keys(files).filter((name) => name.endsWith(CONNECTOR))).toEqual([`shop/${CONNECTOR}`]);
  });

  test('is current when run again, checked, and comes back byte for byte', () => {
    const root = temporaryFolder(tree);
    injectProject(root, { packageDir });
    const injected = readFiles(root);
    expect(injectProject(root, { packageDir })).toMatchObject({ status: 'current', changed: [] });
    expect(injectProject(root, { packageDir, check: true }).status).toBe('current');
    expect(readFiles(root)).toEqual(injected);
    writeFiles(root, { [`shop/${CONNECTOR}`]: `${injected[`shop/${CONNECTOR}`]}//` });
    expect(injectProject(root, { packageDir, check: true })).toMatchObject({
      status: 'stale',
      changed: [`shop/${CONNECTOR}`],
    });
    expect(removeInjection(root).deleted).toContain(`shop/${CONNECTOR}`);
    expect(readFiles(root)).toEqual(tree);
  });

  test('loses what a plugin needed when it is listed no longer, in place and in a copy', () => {
    const root = temporaryFolder(tree);
    const out = join(temporaryFolder(), 'out');
    injectProject(root, { packageDir, out });
    injectProject(root, { packageDir });
    const config = {};
    expect(injectProject(root, { packageDir, config, check: true }).changed).toContain(`shop/${CONNECTOR}`);
    injectProject(root, { packageDir, config, out });
    injectProject(root, { packageDir, config });
    const other = temporaryFolder(tree);
    injectProject(other, { packageDir, config });
    expect(readFiles(root)).toEqual(readFiles(other));
    const { '.servicemarket-out': list, ...copied } = readFiles(out);
    expect(JSON.parse(list)).toEqual(Object.keys(copied));
    expect(copied).toEqual(readFiles(other));
    expect(readFiles(root)[COPY]).toMatch(/^\S+ \S+ \S+ bridge sha256:/);
  });

  test('is told of a plugin that is declared nowhere', () => {
    const config = { plugins: { hello: 'all' as const, oops: 'all' as const } };
    const declaring = injectProject(temporaryFolder(tree), { packageDir, config });
    expect(declaring.status).toBe('injected');
    expect(declaring.notes).toEqual([
      {
        text: expect.stringMatching(
          /^app\.json:1:33: no plugin "oops" is declared .* will not be connected$/,
        ),
      },
    ]);
    const none = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': '' });
    expect(injectProject(none, { packageDir, config }).notes).toHaveLength(2);
    expect(run(readFiles(none)[COPY]).required).toEqual({});
  });

  test('may give plugins names of any characters', () => {
    const names = ['it"s', 'a\\b', '\u2028', 'constructor', '*/'];
    const plugins = Object.fromEntries(names.map((name) => [name, PROVIDER]));
    const config = { plugins: Object.fromEntries(names.map((name) => [name, 'all' as const])) };
    const root = temporaryFolder({
      'app.json': JSON.stringify({ servicemarket: true, plugins }),
      'app.js': '',
    });
    injectProject(root, { packageDir, config });
    const text = Buffer.from(readFiles(root)[COPY], 'latin1').toString();
    expect(text).not.toContain('\u2028');
    expect(run(text)).toEqual({
      config,
      required: Object.fromEntries(names.map((name) => [name, `required ${name}`])),
    });
  });

  test('keeps a file of its own that has the name of ours', () => {
    const own = { [`shop/${CONNECTOR}`]: 'exports.mine = 1' };
    const root = temporaryFolder({ ...tree, ...own });
    expect(() => injectProject(root, { packageDir })).toThrow(
      `shop/${CONNECTOR}: a file of that name exists and is not ours`,
    );
    injectProject(root, { packageDir, config: {} });
    removeInjection(root);
    expect(readFiles(root)).toEqual({ ...tree, ...own });
  });

  test('may be a game', () => {
    const root = temporaryFolder({
      'game.json': JSON.stringify({
        servicemarket: true,
        plugins: { hello: PROVIDER },
        subpackages: [{ root: 'level', plugins: { ocr: PROVIDER } }],
      }),
      'game.js': '',
      'level/game.js': '',
      'servicemarket.config.json': tree['servicemarket.config.json'],
    });
    injectProject(root, { packageDir });
    expect(run(readFiles(root)[COPY]).required).toEqual({ hello: 'required hello' });
    expect(readFiles(root)['level/game.js']).toBe(`;require("./${CONNECTOR}");`);
  });
});

test('a plugin gets its own runtime, whatever the configuration lists, and main alone exports it', () => {
  const root = temporaryFolder({
    'project.config.json': '{"compileType":"plugin","miniprogramRoot":"mp","pluginRoot":"plugin"}',
    'mp/app.json': JSON.stringify({ servicemarket: true, plugins: { hello: PROVIDER } }),
    'mp/app.js': '',
    'plugin/plugin.json': '{"main":"index.js","pages":{"p":"p"}}',
    'plugin/index.js': 'exports.a = 1;\n',
    'plugin/p.js': 'Page({})',
    'servicemarket.config.json': '{"plugins":{"hello":"all"}}',
  });
  const before = readFiles(root);
  injectProject(root, { packageDir });
  const files = readFiles(root);
  expect(files[`plugin/${COPY}`]).toMatch(/^\S+ \S+ \S+ plugin sha256:[^]*,\{\}\);\}\n$/);
  expect(files[`mp/${COPY}`]).toMatch(/^\S+ \S+ \S+ bridge\+plugins sha256:/);
  expect(files['plugin/p.js']).toBe(`;require("./${COPY}");Page({})`);
  expect(files['plugin/index.js']).toBe(
    `;require("./${COPY}");exports.a = 1;\n;(function(m){try{m.exports.connectServiceMarket=require("./${COPY}").connectServiceMarket}catch(e){}})(module);`,
  );
  expect(injectProject(root, { packageDir, check: true }).status).toBe('current');
  removeInjection(root);
  expect(readFiles(root)).toEqual(before);
});
