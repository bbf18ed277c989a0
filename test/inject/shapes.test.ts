import { InjectError, injectProject } from '../../src/inject';
import { readFiles, temporaryFolder } from '../support/files';
import { fakePackage } from './support';
import type { Files } from '../support/files';

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));

const on = (manifest: object = {}) => JSON.stringify({ servicemarket: true, ...manifest });
const inject = (tree: Files, root = temporaryFolder(tree)) => {
  const { status, changed, created } = injectProject(root, { packageDir });
  return { status, changed: changed.sort(), created: created.sort(), tree: readFiles(root) };
};
const COPY = 'servicemarket-compat.js';

describe('the shapes of a project', () => {
  test.each([
    ['miniprogramRoot', { miniprogramRoot: 'src/' }],
    ['a leading ./', { miniprogramRoot: './src' }],
    ['a leading /', { miniprogramRoot: '/src/', compileType: 'weapp' }],
    ['a leading ../', { miniprogramRoot: '../src', compileType: 'miniprogram' }],
    ['backslashes', { miniprogramRoot: '.\\src\\' }],
  ])('%s', (_name, config) => {
    const result = inject({
      'project.config.json': JSON.stringify(config),
      'src/app.json': on(),
      'src/app.js': 'App()',
    });
    expect(result).toMatchObject({ status: 'injected', changed: ['src/app.js'], created: [`src/${COPY}`] });
  });

  test.each(['game', 'miniGame', 'minigame'])('compileType %s', (compileType) => {
    const config = JSON.stringify({ compileType });
    const result = inject({
      'project.config.json': config,
      'game.json': on(),
      'game.js': '',
      'app.json': '{}',
    });
    expect(result).toMatchObject({ changed: ['game.js'], created: [COPY] });
  });

  test('a folder without project.config.json', () => {
    expect(inject({ 'game.json': on(), 'game.js': '' })).toMatchObject({
      changed: ['game.js'],
      created: [COPY],
    });
  });

  test('app.ts alone, and app.ts beside its output', () => {
    expect(inject({ 'app.json': on(), 'app.ts': 'App<{}>({})' }).changed).toEqual(['app.ts']);
    expect(inject({ 'app.json': on(), 'app.ts': '', 'app.js': '' }).changed).toEqual(['app.js', 'app.ts']);
  });

  test('an entry file is created where there is none', () => {
    const { created, tree } = inject({ 'app.json': on() });
    expect(created).toEqual(['app.js', COPY]);
    expect(tree['app.js']).toMatch(/^;require\("\.\/servicemarket-compat\.js"\); \/\/ created by/);
  });

  test('comments, trailing commas, CRLF and a byte order mark in JSON', () => {
    const manifest =
      '\uFEFF{\r\n  // the shim\r\n  "servicemarket": true, /* on */\r\n  "pages": [],\r\n}\r\n';
    const { changed, tree } = inject({ 'app.json': manifest, 'app.js': '\uFEFFApp({})\r\n' });
    expect(changed).toEqual(['app.js']);
    expect(Buffer.from(tree['app.js'], 'latin1').toString()).toBe(`\uFEFF;require("./${COPY}");App({})\r\n`);
  });

  test('open data contexts and workers are left alone', () => {
    const manifest = on({ openDataContext: 'odc', workers: 'workers' });
    const result = inject({ 'game.json': manifest, 'game.js': '', 'odc/index.js': '', 'workers/w.js': '' });
    expect(result.changed).toEqual(['game.js']);
  });
});

describe('independent subpackages', () => {
  const app = (subpackage: object, key = 'subpackages') =>
    on({
      [key]: [
        { root: 'normal', pages: ['a'] },
        { root: '/ind/', independent: true, pages: ['a/a'], ...subpackage },
      ],
    });
  const code = { 'app.js': '', 'normal/a.js': '', 'ind/a/a.js': '', 'ind/other.js': '' };

  test.each(['subpackages', 'subPackages'])('in %s get a copy, an entry, and their pages load it', (key) => {
    const { changed, created, tree } = inject({ ...code, 'app.json': app({}, key) });
    expect(created).toEqual([`ind/${COPY}`, COPY]);
    expect(changed).toEqual(['app.js', 'app.json', 'ind/a/a.js']);
    expect(tree['ind/a/a.js']).toBe(`;require("../${COPY}");`);
    expect(JSON.parse(tree['app.json'])[key][1]).toMatchObject({ root: '/ind/', entry: COPY });
  });

  test.each(['init', './init.js', '/init.js'])('keep an entry of their own (%s)', (entry) => {
    const manifest = app({ entry });
    const { changed, tree } = inject({ ...code, 'app.json': manifest, 'ind/init.ts': 'let a: 1' });
    expect(changed).toEqual(['app.js', 'ind/a/a.js', 'ind/init.ts']);
    expect(tree['app.json']).toBe(manifest);
  });

  test('with an entry that is missing are refused, with the place', () => {
    const run = () =>
      inject({
        ...code,
        'app.json':
          '{"servicemarket":true,\n"subpackages":[{"root":"ind","independent":true,\n"entry":"x.js"}]}',
      });
    expect(run).toThrow('Failed to inject: app.json:3:9: ind/x.js is missing. Create it or correct "entry".');
  });

  test('load it from the components of their pages too', () => {
    const { changed } = inject({
      ...code,
      'app.json': app({}),
      'ind/a/a.json':
        '{"usingComponents":{"x":"../c/x","y":"/ind/c","z":"/normal/z","p":"plugin://p/q","n":"npm/n"}}',
      'ind/c/x.json': '{"usingComponents":{"self":"./x","deep":"./deep"}}',
      ...Object.fromEntries(['c/x', 'c/index', 'c/deep'].map((name) => [`ind/${name}.js`, ''])),
      'ind/c/deep.json': '{}',
      // What has a scheme is no path, whatever is on the disk.
      'ind/a/plugin:/p/q.js': '',
      'ind/a/plugin:/p/q.json': '{}',
      'normal/z.json': '{}',
      'normal/z.js': '',
    });
    expect(changed.filter((path) => path.startsWith('ind'))).toEqual([
      'ind/a/a.js',
      'ind/c/deep.js',
      'ind/c/index.js',
      'ind/c/x.js',
    ]);
    expect(changed).not.toContain('normal/z.js');
  });

  test('of a game load it in their game.js; one that is a single script has the native API', () => {
    const subpackages = [
      { root: 'ind', independent: true },
      { root: 'one.js', independent: true },
      { root: 'normal' },
    ];
    const scripts = { 'game.js': '', 'ind/game.js': '', 'one.js': '', 'normal/game.js': '' };
    const { changed, created } = inject({ ...scripts, 'game.json': on({ subpackages }) });
    expect(changed).toEqual(['game.js', 'ind/game.js']);
    expect(created).toEqual([`ind/${COPY}`, COPY]);
  });
});

describe('plugins', () => {
  const config = { compileType: 'plugin', miniprogramRoot: 'miniprogram', pluginRoot: 'plugin' };
  const code = {
    'project.config.json': JSON.stringify(config),
    'miniprogram/app.js': '',
    'plugin/sub/index.js': '',
  };

  test('get it in main, and in the pages and components that run before main', () => {
    const { changed, created, tree } = inject({
      ...code,
      'miniprogram/app.json': on(),
      'plugin/plugin.json':
        '{"main":"sub/index.js","pages":{"p":"pages/p"},"publicComponents":{"c":"c/c"},' +
        '"usingComponents":{"g":"/c/global","q":"plugin://q/c"}}',
      'plugin/c/global.js': '',
      'plugin/c/global.json': '{}',
      'plugin/pages/p.js': '',
      'plugin/c/c.js': '',
      'plugin/c/c.json': '{"usingComponents":{"inner":"inner","rooted":"/deep/d"}}',
      'plugin/deep/d.js': '',
      'plugin/deep/d.json': '{}',
      'plugin/c/inner.js': '',
      'plugin/c/inner.json': '{}',
      'plugin/lib.js': '',
    });
    expect(changed).toEqual([
      'miniprogram/app.js',
      ...['c/c', 'c/global', 'c/inner', 'deep/d', 'pages/p', 'sub/index'].map((name) => `plugin/${name}.js`),
    ]);
    expect(created).toEqual([`miniprogram/${COPY}`, `plugin/${COPY}`]);
    expect(tree['plugin/sub/index.js']).toMatch(`;require("../${COPY}");;(function(m){try{`);
  });

  test('may be on without their host', () => {
    const { changed } = inject({
      ...code,
      'miniprogram/app.json': '{}',
      'plugin/plugin.json': on({ main: 'sub/index' }),
    });
    expect(changed).toEqual(['plugin/sub/index.js']);
  });

  test('are not looked at when the project compiles its mini-program', () => {
    const tree = {
      ...code,
      'miniprogram/app.json': on(),
      'plugin/plugin.json': on({ main: 'sub/index.js' }),
    };
    const weapp = JSON.stringify({ ...config, compileType: 'weapp' });
    expect(inject({ ...tree, 'project.config.json': weapp }).changed).toEqual(['miniprogram/app.js']);
  });
});

test.each([['"true"'], ['1'], ['null']])('a key that says %s is off, with a note', (value) => {
  const root = temporaryFolder({ 'app.json': `{"servicemarket": ${value}}`, 'app.js': '' });
  const { status, notes } = injectProject(root, { packageDir });
  expect({ status, notes }).toEqual({
    status: 'off',
    notes: [{ text: `app.json:1:19: "servicemarket" is ${value}; only true counts` }],
  });
});

describe('what cannot be injected', () => {
  test.each<[string, Files, string]>([
    ['no manifest', { 'a.txt': '' }, 'no project.config.json, app.json, game.json or plugin.json here'],
    ['no app.json', { 'project.config.json': '{"miniprogramRoot":"dist/"}' }, 'dist/app.json is missing'],
    ['broken JSON', { 'app.json': '{\n  "servicemarket" true }' }, 'app.json:2:19: colon expected in JSON'],
    ['an empty manifest', { 'app.json': '' }, 'app.json:1:1: value expected in JSON'],
    ['a manifest that is a list', { 'app.json': ' []' }, 'app.json:1:2: an object is expected, found array'],
    [
      'a foreign file of that name',
      { 'app.json': on(), [COPY]: 'mine' },
      `${COPY}: a file of that name exists and is not ours`,
    ],
  ])('%s', (_name, tree, message) => {
    const root = temporaryFolder(tree);
    expect(() => inject(tree, root)).toThrow(InjectError);
    expect(() => inject(tree, root)).toThrow(message);
    expect(readFiles(root)).toEqual(tree);
  });
});

test.each(['serviceMarket', 'service_market', 'ServiceMarket', 'servicemarkets'])(
  'a key "%s" is off, and asked about',
  (key) => {
    const root = temporaryFolder({ 'app.json': `{"${key}": true}`, 'app.js': '' });
    const { status, notes } = injectProject(root, { packageDir });
    expect({ status, notes }).toEqual({
      status: 'off',
      notes: [{ text: `app.json:1:2: did you mean "servicemarket" instead of "${key}"?` }],
    });
  },
);
