import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { injectProject, removeInjection } from '../../src/inject';
import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { fakePackage } from './support';
import type { Files } from '../support/files';

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));
const PRETTIER = join(__dirname, '../../node_modules/prettier/bin/prettier.cjs');

function format(root: string, options: string[]): void {
  const args = [PRETTIER, '--write', '--log-level', 'error', ...options, '.'];
  execFileSync(process.execPath, args, { cwd: root });
}

const SCRIPTS = [
  'App({})',
  '',
  '"use strict"\nApp({})',
  "'use strict';\nApp({});",
  '#!/usr/bin/env node\nApp({})',
  '/*! licence */\nApp({})',
  '// why\nApp({})',
  '/// <reference path="x.d.ts" />\nApp({})',
  '[1].forEach(App)',
  '(function () {})()',
  '`${a}`.length',
  'import u from "./u"\nApp({})',
  '"use strict"\nimport u from "./u"',
  '// why\nexport default 1',
  'let a',
];
const PROJECT: Files = {
  'project.config.json': '{"compileType":"plugin","miniprogramRoot":"mini","pluginRoot":"plugin"}',
  'mini/app.json': JSON.stringify({
    servicemarket: true,
    pages: ['main/p'],
    subpackages: [
      { root: 'ind', independent: true, pages: SCRIPTS.map((_, i) => `p${i}`) },
      { root: 'shop', pages: ['p'], plugins: { ocr: {} } },
    ],
  }),
  'mini/app.js': 'App({})',
  'mini/shop/p.js': 'Page({})',
  'plugin/plugin.json': JSON.stringify({ main: 'index.js', pages: { p: 'p' } }),
  'plugin/index.js': 'exports.a = 1 // why',
  'plugin/p.js': 'Page({})',
  ...Object.fromEntries(SCRIPTS.map((source, i) => [`mini/ind/p${i}.js`, source])),
};
const config = { plugins: { ocr: 'all' } } as const;

describe('a formatter after injection', () => {
  test.each([
    [[]],
    [['--single-quote']],
    [['--single-quote', '--no-semi', '--use-tabs', '--end-of-line', 'crlf']],
  ])('with the options %j', (options) => {
    const [root, never] = [temporaryFolder(PROJECT), temporaryFolder(PROJECT)];
    injectProject(root, { packageDir, config });
    format(root, options);
    format(never, options);

    // The formatter leaves the copies alone, and what loads them is recognised as it wrote it.
    expect(injectProject(root, { packageDir, config, check: true })).toMatchObject({
      status: 'current',
      changed: [],
      created: [],
    });

    removeInjection(root);
    // An import in double quotes is as inject writes it; the line break behind it may be the author's, and stays.
    if (!options.includes('--single-quote')) format(root, options);
    expect(readFiles(root)).toEqual(readFiles(never));
  });
});

describe('removal', () => {
  const app = { 'app.json': '{"servicemarket":true}', 'app.js': 'App({})\n' };
  const injected = (changes: Files): string => {
    const root = temporaryFolder(app);
    injectProject(root, { packageDir });
    writeFiles(root, changes);
    return root;
  };

  test.each([
    ["'use strict';\nrequire('./servicemarket-compat.js');\nApp({});\n", "'use strict';\nApp({});\n"],
    ["// ours\nimport './servicemarket-compat.js'\nimport a from './a'\n", "// ours\nimport a from './a'\n"],
    [';require("./servicemarket-compat.js");require(\'./servicemarket-compat.js\');\nApp({});', 'App({});'],
  ])('takes the statement out of %j', (source, restored) => {
    const root = injected({ 'app.js': source });
    expect(removeInjection(root).status).toBe('removed');
    expect(readFiles(root)).toEqual({ ...app, 'app.js': restored });
  });

  test.each([
    ['app.js', "App({});\nrequire('./servicemarket-compat.js');\n", 'app.js:2:1'],
    ['app.js', "require('./servicemarket-compat.js')\n  .configure({});\n", 'app.js:1:1'],
    ['a/b.ts', "export { invokeService } from '../servicemarket-compat';\n", 'a/b.ts:1:26'],
    [
      'app.json',
      '{"subpackages":[{"root":"a","entry":"servicemarket-compat.js","pages":["b"]}]}',
      'app.json:1:29',
    ],
  ])('changes nothing where %s still names the copy: %j', (path, source, place) => {
    const root = injected({ 'a/b.js': '', [path]: source });
    const tree = readFiles(root);
    expect(() => removeInjection(root)).toThrow(
      `Failed to take the shim out: ${place}: this names an injected file in a way that inject does not write. Take that out by hand, then run inject --remove again.`,
    );
    expect(readFiles(root)).toEqual(tree);
  });

  test('minds no comment, and no file of that name elsewhere', () => {
    const others = {
      'c.js': "requireAll('./servicemarket-compat.js')",
      'a.js':
        "// require('./servicemarket-compat.js')\nlet url = 'http://a'; /* import './servicemarket-compat.js' */",
      'lib/b.js': "Page({}); require('./servicemarket-compat.js')",
    };
    const root = injected(others);
    removeInjection(root);
    expect(readFiles(root)).toEqual({ ...app, ...others });
  });
});
