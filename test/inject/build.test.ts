import { writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { injectProject } from '../../src/inject';
import { checkOptions, injectBuild } from '../../src/inject/unplugin/build';
import type { Build } from '../../src/inject/unplugin/build';
import { moveColumns } from '../../src/inject/unplugin/source-map';
import { temporaryFolder } from '../support/files';

function fail(text: string): void {
  throw new Error(`an unexpected warning: ${text}`);
}

const COPY = 'servicemarket-compat.js';
const ON = '{"servicemarket":true,"subpackages":[{"root":"ind","independent":true,"pages":["p"]}]}';

/** A bundler's output in memory, injected; `root` is the bundler's, and `warn` takes its warnings. */
function inject(
  files: Record<string, string>,
  root = temporaryFolder(),
  options = {},
  warn = (text: string) => fail(text),
): Record<string, string> {
  const build: Build = {
    has: (path) => path in files,
    read: (path) => files[path],
    write: (path, text) => void (files[path] = text),
    warn,
  };
  injectBuild(build, root, options);
  return files;
}

describe('a build', () => {
  test('that emits its manifest gets copies, entry and statements', () => {
    const files = inject({ 'app.json': ON, 'app.js': '"use strict";App({})', 'ind/p.js': 'Page({})' });
    expect(Object.keys(files).sort()).toEqual(['app.js', 'app.json', `ind/${COPY}`, 'ind/p.js', COPY].sort());
    expect(files['app.js']).toBe(`"use strict";require("./${COPY}");;App({})`);
    expect(files['ind/p.js']).toBe(`;require("./${COPY}");Page({})`);
    expect(JSON.parse(files['app.json']).subpackages[0].entry).toBe(COPY);
    expect(inject({ ...files })).toEqual(files);
  });

  test('of an independent subpackage alone gets what its scripts need, and no app.js', () => {
    const root = temporaryFolder({ 'src/app.json': ON });
    expect(Object.keys(inject({ 'ind/p.js': '' }, root)).sort()).toEqual([`ind/${COPY}`, 'ind/p.js'].sort());
    expect(inject({ 'worker.js': '' }, root)).toEqual({ 'worker.js': '' });
  });

  test('that emits no manifest uses the one on disk, and emits it where an entry is needed', () => {
    const root = temporaryFolder({ 'mini/game.json': '{"servicemarket":true}', 'public/app.json': ON });
    expect(Object.keys(inject({ 'app.js': '' }, root))).toContain('app.json');
    expect(inject({ 'game.js': '' }, root, { manifest: 'mini/game.json' })['game.js']).toBe(
      `;require("./${COPY}");`,
    );
  });

  test.each(['app', 'game', 'src/app', 'src/game', 'public/app', 'public/game'])(
    'that emits no manifest finds %s.json by itself',
    (manifest) => {
      const script = `${manifest.split('/').at(-1)}.js`;
      const root = temporaryFolder({ [`${manifest}.json`]: '{"servicemarket":true}' });
      expect(inject({ [script]: '' }, root)[script]).toBe(`;require("./${COPY}");`);
    },
  );

  test('is refused where an option is wrong, not left without the shim', () => {
    const app = { 'app.json': ON, 'app.js': '' };
    expect(() => inject({ ...app }, temporaryFolder(), { manifest: 'src/ap.json' })).toThrow(
      'Failed to inject: src/ap.json: the option "manifest" names no file. Name app.json or game.json, relative to the bundler\'s root.',
    );
    expect(() => checkOptions({ manifset: 'app.json' } as object)).toThrow(
      'Failed to make the plugin: there is no option "manifset". Known are manifest, config.',
    );
    checkOptions({ manifest: 'app.json', config: {} });
  });

  test('without the key is told so in one line, once, and not where the key is a choice or a slip', () => {
    const warnings: string[] = [];
    const options = {};
    const root = temporaryFolder();
    const build = (manifest: string) =>
      inject({ 'app.json': manifest, 'app.js': '' }, root, options, (text) => void warnings.push(text));
    build('{"servicemarket":false}');
    expect(warnings).toEqual([]);
    build('{}');
    build('{}');
    expect(warnings).toEqual(['app.json has no "servicemarket": true: nothing is injected.']);
    build('{"serviceMarket":true}');
    expect(warnings[1]).toContain('did you mean "servicemarket"');
    expect(inject({ 'index.js': '' }, root)).toEqual({ 'index.js': '' });
  });

  test('as ES modules gets an import', () => {
    expect(inject({ 'app.json': ON, 'app.js': 'import"./u.js";' })['app.js']).toBe(
      `import "./${COPY}";import"./u.js";`,
    );
  });

  test('of a plugin and its host', () => {
    const files = inject({
      'miniprogram/app.json': '{"servicemarket":true}',
      'miniprogram/app.js': '',
      'plugin/plugin.json': '{"main":"index.js"}',
      'plugin/index.js': '',
    });
    expect(files['plugin/index.js']).toMatch(`;require("./${COPY}");;(function(m){try{`);
    expect(Object.keys(files)).toContain(`miniprogram/${COPY}`);
  });

  test('with plugins', () => {
    const manifest = {
      servicemarket: true,
      plugins: { a: {} },
      subpackages: [{ root: 'sub', pages: ['p'], plugins: { b: {} } }],
    };
    const config = { plugins: { a: 'all', b: 'all' } };
    const emitted = { 'app.json': JSON.stringify(manifest), 'app.js': '', 'sub/p.js': 'Page({})' };
    const files = inject({ ...emitted }, temporaryFolder(), { config });
    expect(files[COPY]).toContain('{"a":function(){return requirePlugin("a")}});');
    expect(files['sub/p.js']).toBe(';require("./servicemarket-plugins.js");Page({})');
    expect(files['sub/servicemarket-plugins.js']).toContain(`require("../${COPY}").connectPlugins({"b":`);
    expect(inject({ ...files }, temporaryFolder(), { config })).toEqual(files);
  });

  test('warns as injectProject notes: of plugins that are declared nowhere, of a key that is not true', () => {
    const config = { plugins: { a: 'all', b: 'all', c: 'all' } } as const;
    const manifest = {
      servicemarket: true,
      plugins: { a: {} },
      subpackages: [{ root: 'sub', pages: ['p'], plugins: { b: {} } }],
    };
    const project = { 'app.json': JSON.stringify(manifest), 'app.js': '', 'sub/p.js': '' };
    const folder = temporaryFolder(project);
    for (const [files, expected] of [
      [project, 'no plugin "c" is declared here or in a subpackage'],
      [{ ...project, 'app.json': '{"servicemarket":"true"}' }, '"servicemarket" is "true"; only true counts'],
    ] as const) {
      const warnings: string[] = [];
      const warn = (text: string) => void warnings.push(text);
      inject({ ...files }, temporaryFolder(), { config }, warn);
      expect(warnings).toEqual([expect.stringContaining(expected)]);
      writeFileSync(join(folder, 'app.json'), files['app.json']);
      expect(injectProject(folder, { config, dryRun: true }).notes).toEqual(
        warnings.map((text) => ({ text })),
      );
    }
  });

  test('warns once where a project is built in parts', () => {
    const root = temporaryFolder({ 'src/app.json': ON });
    const warnings: string[] = [];
    for (const script of ['app.js', 'ind/p.js', 'worker.js']) {
      inject(
        { [script]: '' },
        root,
        { config: { plugins: { a: 'all' } } },
        (text) => void warnings.push(text),
      );
    }
    expect(warnings).toHaveLength(1);
  });

  test.each<Record<string, string>>([{ 'app.json': '{}', 'app.js': '' }, { 'index.js': '' }])(
    'without the key is left alone: %j',
    (files) => {
      expect(inject({ ...files }, temporaryFolder(), {}, () => {})).toEqual(files);
    },
  );

  test('with servicemarket.config.json at the root, or another configuration', () => {
    const root = temporaryFolder({
      'servicemarket.config.json': '{"channels":["relay"],"relay":{"url":"https://r"}}',
    });
    const app = { 'app.json': '{"servicemarket":true}', 'app.js': '' };
    expect(inject({ ...app }, root)[COPY]).toMatch(/^\S+ \S+ \S+ relay /);
    expect(inject({ ...app }, root, { config: { prefer: 'shim' } })[COPY]).toMatch(/^\S+ \S+ \S+ bridge /);
  });
});

describe('source maps', () => {
  // Columns 0 and 4 of the first line, column 0 of the second.
  const map = JSON.stringify({ version: 3, sources: ['a'], names: [], mappings: 'AAAA,IAAI;AACJ' });
  const placesOf = (json: string) =>
    [0, 1]
      .flatMap((line) =>
        [0, 4, 10, 14].map((column) => new SourceMap(JSON.parse(json)).findEntry(line, column)),
      )
      .map((entry) => ('originalColumn' in entry ? `${entry.originalLine}:${entry.originalColumn}` : '-'));

  test('move what is behind the statement, on its line alone', () => {
    expect(placesOf(map)).toEqual(['0:0', '0:4', '0:4', '0:4', '1:0', '1:0', '1:0', '1:0']);
    expect(placesOf(moveColumns(map, 0, 0, 10))).toEqual([
      '-',
      '-',
      '0:0',
      '0:4',
      '1:0',
      '1:0',
      '1:0',
      '1:0',
    ]);
    expect(placesOf(moveColumns(map, 0, 4, 10))).toEqual([
      '0:0',
      '0:0',
      '0:0',
      '0:4',
      '1:0',
      '1:0',
      '1:0',
      '1:0',
    ]);
  });

  const app = { 'app.json': '{"servicemarket":true}' };
  const moved = (json: string) => placesOf(json)[0] === '-' && placesOf(json)[4] === '1:0';

  test('in a file, named by the script or not', () => {
    expect(
      moved(
        inject({ ...app, 'app.js': 'App()\n//# sourceMappingURL=maps/a.map', 'maps/a.map': map })[
          'maps/a.map'
        ],
      ),
    ).toBe(true);
    expect(moved(inject({ ...app, 'app.js': 'App()', 'app.js.map': map })['app.js.map'])).toBe(true);
  });

  test('are not moved by what stands behind the code', () => {
    const files = inject({
      ...app,
      'app.js': '',
      'plugin.json': '{"main":"main.js"}',
      'main.js': 'a()\n//# sourceMappingURL=main.js.map',
      'main.js.map': map,
    });
    const statement = `;require("./${COPY}");`;
    expect(files['main.js']).toMatch(/\(module\);\/\/# sourceMappingURL=main\.js\.map$/);
    expect(placesOf(files['main.js.map'])).toEqual(placesOf(moveColumns(map, 0, 0, statement.length)));
  });

  test('in the script', () => {
    const url = (json: string) =>
      `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(json).toString('base64')}`;
    const script = inject({ ...app, 'app.js': `App()\n${url(map)}\n` })['app.js'];
    const json = Buffer.from(/base64,(\S+)/.exec(script)?.[1] ?? '', 'base64').toString();
    expect(moved(json)).toBe(true);
    expect(script).toBe(`;require("./${COPY}");App()\n${url(json)}\n`);
  });
});
