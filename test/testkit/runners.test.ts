/** The quick start of docs/testing.md under jest, vitest and node:test, with the package as it is packed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanUpAfterSuite } from '../support/cleanup';
import { ROOT, temporaryFolder, writeFiles } from '../support/files';
import { installPacked } from '../support/installed-package';

jest.setTimeout(180_000);

const SERVICE = 'wx79ac3de8be320b71';

/** The body of the page of all three projects. */
const PAGE = `{
  data: { text: '' },
  choose() {
    wx.chooseImage({ count: 1, success: (res) => this.readPhoto(res.tempFilePaths[0]) });
  },
  async readPhoto(filePath) {
    const res = await wx.serviceMarket.invokeService({
      service: '${SERVICE}',
      api: 'OcrAllInOne',
      data: { img_url: new wx.serviceMarket.CDN({ type: 'filePath', filePath }), data_type: 3, ocr_type: 8 },
    });
    this.setData({ text: join(res.data.ocr_comm_res.items) });
  },
}`;

/** The page as plain JavaScript, as an ES module and in TypeScript: its files below `miniprogram/`. */
const PROJECTS: Record<string, Record<string, string>> = {
  js: {
    'app.js': 'App({});',
    'utils/join.js': "exports.join = (items) => items.map((item) => item.text).join('');",
    'pages/ocr/ocr.js': `const { join } = require('../../utils/join');\nPage(${PAGE});`,
  },
  'es-module': {
    'app.js': "import './utils/join';\nApp({});",
    'utils/join.js': "export const join = (items) => items.map((item) => item.text).join('');",
    'pages/ocr/ocr.js': `import { join } from '../../utils/join';\nPage(${PAGE});`,
  },
  typescript: {
    'app.ts': 'App<{ started?: boolean }>({ started: true });',
    'utils/join.ts':
      "export interface Item { text: string }\nexport const join = (items: Item[]): string => items.map((item) => item.text).join('');",
    'pages/ocr/ocr.ts': `import { join, type Item } from '../../utils/join';\nPage(${PAGE.replace(
      'readPhoto(filePath)',
      'readPhoto(filePath: string): Promise<void>',
    ).replace('res.data.ocr_comm_res.items', 'res.data.ocr_comm_res.items as Item[]')});`,
  },
};

const WXML =
  '<view><button id="choose" bindtap="choose">Choose</button><text class="text">{{text}}</text></view>';

/** The five lines, and what the page shows. */
const steps = (check: string, equal: string): string => `
  const host = createHost({ project: './miniprogram' });
  host.provide('${SERVICE}', { OcrAllInOne: async (data) => ({ ocr_comm_res: { items: [{ text: 'hi' }] } }) });
  const page = await host.open('pages/ocr/ocr');
  await page.tap('#choose');
  ${check}
  ${equal}`;

const EXPECT = steps(
  `expect(host).toHaveCalledService('${SERVICE}', 'OcrAllInOne');`,
  "expect(page.find('.text').text).toBe('hi');\n  expect(page.data).toStrictEqual({ text: 'hi' });",
);
const ASSERT = steps(
  `assertCalledService(host, '${SERVICE}', 'OcrAllInOne');`,
  "assert.equal(page.find('.text').text, 'hi');\n  assert.deepStrictEqual(page.data, { text: 'hi' });",
);

/** By runner: the test's file, how it is run, and what it says when all is well. */
const RUNNERS: Record<string, { file: string; source: string; command: string[]; passed: RegExp }> = {
  jest: {
    file: 'ocr.test.js',
    source: `const { createHost } = require('miniprogram-servicemarket/simulator/jest');\ntest('reads a photo', async () => {${EXPECT}\n});`,
    command: [path.join(ROOT, 'node_modules/jest/bin/jest.js'), '--ci'],
    passed: /Tests: +1 passed, 1 total/,
  },
  vitest: {
    file: 'ocr.test.mjs',
    source: `import { createHost } from 'miniprogram-servicemarket/simulator/vitest';\nimport { expect, test } from 'vitest';\ntest('reads a photo', async () => {${EXPECT}\n});`,
    command: [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--no-color'],
    passed: /Tests +1 passed \(1\)/,
  },
  'node:test': {
    file: 'ocr.test.js',
    source: `const assert = require('node:assert');\nconst { test } = require('node:test');\nconst { assertCalledService, createHost } = require('miniprogram-servicemarket/simulator');\ntest('reads a photo', async () => {${ASSERT}\n});`,
    command: ['--test'],
    passed: /^(#|ℹ) pass 1$/m,
  },
};

let modules: string;
beforeAll(() => {
  const project = temporaryFolder({}, cleanUpAfterSuite);
  installPacked(project);
  modules = path.join(project, 'node_modules');
  for (const name of ['glass-easel', 'glass-easel-template-compiler', 'vitest', 'jest']) {
    fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  }
});

/** A project with the package installed. */
function install(files: Record<string, string>): string {
  const folder = temporaryFolder({ 'package.json': '{ "name": "mini", "private": true }' });
  fs.symlinkSync(modules, path.join(folder, 'node_modules'));
  const rest = { 'app.json': '{ "pages": ["pages/ocr/ocr"] }', 'pages/ocr/ocr.wxml': WXML };
  const own = Object.entries({ ...rest, ...files }).map(([file, text]) => [`miniprogram/${file}`, text]);
  writeFiles(folder, Object.fromEntries(own) as Record<string, string>);
  return folder;
}

function run(folder: string, command: string[]): { output: string; status: number | null } {
  // A runner inside a runner would take this one's settings.
  const env = { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined, JEST_WORKER_ID: undefined };
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { output: stdout + stderr, status };
}

describe.each(Object.keys(PROJECTS))('a project in %s', (project) => {
  test.each(Object.keys(RUNNERS))('the quick start passes under %s', (runner) => {
    const { file, source, command, passed } = RUNNERS[runner];
    const folder = install(PROJECTS[project]);
    writeFiles(folder, { [file]: source });
    const { output, status } = run(folder, command);
    expect(output).toMatch(passed);
    expect(status).toBe(0);
  });
});

test.each(Object.keys(RUNNERS))(
  'the quick start fails under %s where the page calls another service',
  (runner) => {
    const { file, source, command } = RUNNERS[runner];
    const folder = install(PROJECTS.js);
    writeFiles(folder, {
      [file]: source.replace(/((?:toHaveCalled|assertCalled)Service\((?:host, )?)'wx\w+'/, "$1'wxother'"),
    });
    const { output, status } = run(folder, command);
    expect(output).toContain(
      `Expected a call of wxother/OcrAllInOne. Calls were ${SERVICE}/OcrAllInOne with {"img_url"`,
    );
    expect(status).not.toBe(0);
  },
);
