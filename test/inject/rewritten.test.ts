/** Files that other tools rewrote after injection: Git's line ends, a minifier's commas. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';
import { injectProject, removeInjection } from '../../src/inject';
import { describeDifference } from '../../src/inject/edits/runtime-file';
import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { fakePackage } from './support';

let packageDir: string;
beforeAll(() => (packageDir = fakePackage()));

const config = { plugins: { ocr: 'all' } } as const;
const PROJECT = {
  'project.config.json': '{"compileType":"plugin","miniprogramRoot":"mini","pluginRoot":"plugin"}',
  'mini/app.json': JSON.stringify({
    servicemarket: true,
    subpackages: [
      { root: 'ind', independent: true, pages: ['a', 'b', 'c'] },
      { root: 'shop', pages: ['p'], plugins: { ocr: {} } },
    ],
  }),
  'mini/ind/a.js': '// @ts-nocheck\nPage({})\n',
  'mini/ind/b.js': "'use strict'\nPage({})\n",
  'mini/ind/c.js': 'import a from "./a"\nPage({})\n',
  'mini/shop/p.js': 'Page({})\n',
  'plugin/plugin.json': JSON.stringify({ main: 'index.js' }),
  'plugin/index.js': 'exports.a = 1 // why',
};

/** As Git's `core.autocrlf` writes the files of a checkout. */
function withWindowsLineEnds(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
  );
}

test('after Git made every line end CRLF, the copies are current, and removal gives back the rest', () => {
  const root = temporaryFolder(PROJECT);
  injectProject(root, { packageDir, config });
  writeFiles(root, withWindowsLineEnds(readFiles(root)));
  const injected = readFiles(root);
  expect(injectProject(root, { packageDir, config, check: true })).toMatchObject({
    status: 'current',
    notes: [],
  });
  injectProject(root, { packageDir, config });
  expect(readFiles(root)).toEqual(injected);
  removeInjection(root);
  expect(readFiles(root)).toEqual(withWindowsLineEnds(PROJECT));
});

test.each([
  ['edited', (text: string) => text.replace('exports', 'export_'), 'its checksum does not match'],
  ['of something else', () => 'module.exports = 1;\n', 'it is not a built runtime'],
  ['empty', () => '', 'it is not a built runtime'],
])('a built file that is %s is not put into a project', (_name, change, cause) => {
  const broken = fakePackage();
  const file = join(broken, 'dist/compat/bridge.min.js');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  const root = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': '' });
  expect(() => injectProject(root, { packageDir: broken })).toThrow(
    `Failed to use the built runtime: dist/compat/bridge.min.js: ${cause}. Install the package again.`,
  );
  expect(Object.keys(readFiles(root))).toEqual(['app.js', 'app.json']);
});

test('only of two copies it is said how they differ', () => {
  const root = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': '' });
  injectProject(root, { packageDir });
  const copy = readFiles(root)['servicemarket-compat.js'];
  expect(describeDifference(copy, copy)).toBeUndefined();
  expect(describeDifference(copy, undefined)).toBeUndefined();
  expect(describeDifference(undefined, copy)).toBeUndefined();
  expect(describeDifference('App({})', copy)).toBeUndefined();
  expect(describeDifference(copy, 'App({})')).toBeUndefined();
  expect(describeDifference(`${copy}edited`, copy)).toBe('was edited');
});

test('a copy that was edited is found with CRLF too', () => {
  const root = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': '' });
  injectProject(root, { packageDir });
  const copy = readFiles(root)['servicemarket-compat.js'];
  writeFiles(root, { 'servicemarket-compat.js': `${copy.replaceAll('\n', '\r\n')}//` });
  expect(injectProject(root, { packageDir, check: true }).notes).toEqual([
    { path: 'servicemarket-compat.js', text: 'was edited' },
  ]);
});

describe('a statement that a minifier joined with the one after it', () => {
  test.each([
    ['App({});', 'require("./servicemarket-compat.js"),App({});', 'App({});'],
    [
      '"use strict";App({a:1});',
      '"use strict";require("./servicemarket-compat.js"),App({a:1});',
      '"use strict";App({a:1});',
    ],
    ['(function(){App()})();', 'require("./servicemarket-compat.js"),App();', 'App();'],
  ])('of %s is not put there twice, and goes', async (source, minified, restored) => {
    const root = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': source });
    injectProject(root, { packageDir });
    const { code } = await minify(readFiles(root)['app.js']);
    expect(code).toBe(minified);
    writeFiles(root, { 'app.js': minified });
    expect(injectProject(root, { packageDir, check: true }).status).toBe('current');
    removeInjection(root);
    expect(readFiles(root)['app.js']).toBe(restored);
  });
});

describe('a file of the owner that has the name of the injected one', () => {
  const OWN = 'module.exports = 1;\n';

  test('is not taken for ours where a script loads it first, neither by injection nor by removal', () => {
    const project = {
      'app.json': '{"servicemarket":true}',
      'app.js': 'require("./utils/servicemarket-compat.js");App({})',
      'utils/servicemarket-compat.js': OWN,
      'utils/index.js': ';require("./servicemarket-compat.js");exports.a = 1',
    };
    const root = temporaryFolder(project);
    injectProject(root, { packageDir });
    expect(readFiles(root)['app.js']).toBe(`;require("./servicemarket-compat.js");${project['app.js']}`);
    removeInjection(root);
    expect(readFiles(root)).toEqual(project);
  });

  test('stays in a page that gets the copy of its subpackage', () => {
    const page = ';require("./servicemarket-compat.js");Page({})';
    const project = {
      'app.json': '{"servicemarket":true,"subpackages":[{"root":"ind","independent":true,"pages":["a/p"]}]}',
      'app.js': '',
      'ind/a/p.js': page,
      'ind/a/servicemarket-compat.js': OWN,
    };
    const root = temporaryFolder(project);
    injectProject(root, { packageDir });
    expect(readFiles(root)['ind/a/p.js']).toBe(`;require("../servicemarket-compat.js");${page}`);
    removeInjection(root);
    expect(readFiles(root)).toEqual(project);
  });
});
