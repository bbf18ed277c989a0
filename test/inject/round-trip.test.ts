import { fc } from '../support/random';
import { injectProject, removeInjection } from '../../src/inject';
import { readFiles, temporaryFolder } from '../support/files';
import { fakePackage } from './support';
import type { Files } from '../support/files';

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));

const SCRIPTS = [
  '',
  'App({})\n',
  '"use strict"\nPage({})',
  "'use strict';Page({})",
  '"use strict";\r\nimport a from "./a"\r\nPage({})',
  'import a from "./a";\nexport default a',
  '#!/usr/bin/env node\nconst x: number = 1 as any',
  '/// <reference path="./a.d.ts" />\nexport type A = 1;\nexport const a: A = 1',
  ';require("./other.js");"use strict"',
  '/* a */ // b\n\n"use strict" // c',
];
const script = fc
  .record({ source: fc.constantFrom(...SCRIPTS), mark: fc.boolean(), crlf: fc.boolean() })
  .map(
    ({ source, mark, crlf }) => (mark ? '\uFEFF' : '') + (crlf ? source.replaceAll('\n', '\r\n') : source),
  );
const style = fc.constantFrom<(value: object) => string>(
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2) + '\n',
  (value) => `\uFEFF// made by hand\r\n${JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n')}`,
  (value) => JSON.stringify(value, null, 2).replace(/\n}$/, ',\n} /* end */'),
);
const subpackage = fc.record({
  independent: fc.boolean(),
  entry: fc.constantFrom(undefined, 'init.js', './init'),
  slash: fc.constantFrom('', '/'),
  plugins: fc.constantFrom(undefined, { ocr: {} }, { hello: {}, ocr: {} }),
});
const configuration = fc.constantFrom({}, { plugins: { hello: 'all' as const, ocr: 'all' as const } });

const project = fc.record({
  kind: fc.constantFrom('miniprogram', 'game', 'plugin', 'gamePlugin', undefined),
  key: fc.constantFrom('subpackages', 'subPackages'),
  root: fc.constantFrom('', 'src', 'a/b'),
  entries: fc.constantFrom<string[]>([], ['js'], ['ts'], ['js', 'ts']),
  on: fc.boolean(),
  subpackages: fc.array(subpackage, { maxLength: 3 }),
  scripts: fc.array(script, { minLength: 12, maxLength: 12 }),
  plugins: fc.constantFrom(undefined, { hello: {} }),
  style,
  config: configuration,
  former: configuration,
});

function toTree(model: typeof project extends fc.Arbitrary<infer T> ? T : never): Files {
  const { kind, key, root, entries, on, subpackages, scripts, plugins, style: print } = model;
  const isGame = kind === 'game' || kind === 'gamePlugin';
  const host = kind === undefined ? '' : root;
  const at = (path: string) => (host ? `${host}/${path}` : path);
  const packages = subpackages.map(({ independent, entry, slash, plugins: own }, i) => ({
    root: `${slash}sub${i}${slash}`,
    independent,
    plugins: own,
    ...(isGame ? {} : { pages: ['a/a'], entry }),
  }));
  const tree: Files = {
    [at(isGame ? 'game.json' : 'app.json')]: print({ servicemarket: on, plugins, [key]: packages }),
  };
  for (const extension of entries) tree[at(`${isGame ? 'game' : 'app'}.${extension}`)] = scripts[0];
  subpackages.forEach((_, i) => {
    tree[at(`sub${i}/a/a.js`)] = scripts[1 + i];
    tree[at(`sub${i}/a/a.json`)] = print({ usingComponents: { c: '../c' } });
    tree[at(`sub${i}/c.json`)] = '{}';
    tree[at(`sub${i}/c.js`)] = scripts[4 + i];
    tree[at(`sub${i}/init.ts`)] = tree[at(`sub${i}/game.js`)] = scripts[7 + i];
  });
  if (kind !== undefined) {
    tree['project.config.json'] = print({
      compileType: kind,
      miniprogramRoot: `./${root}/`,
      pluginRoot: 'plugin',
    });
    tree['plugin/plugin.json'] = print({ main: 'index.js', pages: { p: 'p' } });
    tree['plugin/index.js'] = scripts[10];
    tree['plugin/p.js'] = scripts[11];
  }
  return tree;
}

describe('any project', () => {
  test('is injected once, whatever is done twice, and comes back byte for byte', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(project, (model) => {
        const root = temporaryFolder(toTree(model));
        const original = readFiles(root);
        const { config } = model;
        const first = injectProject(root, { packageDir, config });
        const injected = readFiles(root);
        expect(first.status).toBe(model.on ? 'injected' : 'off');
        expect(injectProject(root, { packageDir, config })).toMatchObject({
          status: model.on ? 'current' : 'off',
          changed: [],
          created: [],
        });
        expect(injectProject(root, { packageDir, config, check: true }).status).toBe(
          model.on ? 'current' : 'off',
        );
        expect(readFiles(root)).toEqual(injected);
        // Whatever was configured before leaves no trace.
        if (model.former !== config) {
          injectProject(root, { packageDir, config: model.former });
          injectProject(root, { packageDir, config });
        }
        expect(readFiles(root)).toEqual(injected);
        expect(removeInjection(root).status).toBe(model.on ? 'removed' : 'absent');
        expect(readFiles(root)).toEqual(original);
        expect(removeInjection(root).status).toBe('absent');
        first.changed
          .concat(first.created)
          .forEach((path) => seen.add(path.replace(/\d|^src\/|^a\/b\//g, '')));
      }),
      { numRuns: 200 },
    );
    // The mixture really held every kind of place.
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        'app.js',
        'app.json',
        'game.ts',
        'plugin/index.js',
        'plugin/p.js',
        'sub/a/a.js',
        'sub/c.js',
        'sub/init.ts',
        'sub/servicemarket-plugins.js',
      ]),
    );
  });
});
