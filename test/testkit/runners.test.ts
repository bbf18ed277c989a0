/** The quick start of docs/en/testing.md under jest, vitest and node:test, with the package as it is packed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanUpAfterSuite } from '../support/cleanup';
import { ROOT, temporaryFolder, writeFiles } from '../support/files';
import { samplesOf } from '../support/samples';
import { installPacked } from '../support/installed-package';

const SERVICE = 'wx79ac3de8be320b71';

/** The body of the page of all three projects. */
const PAGE = `{
  data: { text: '', error: '' },
  choosePhoto() {
    wx.chooseImage({ count: 1, success: (res) => this.readPhoto(res.tempFilePaths[0]) });
  },
  async readPhoto(filePath) {
    try {
      const res = await wx.serviceMarket.invokeService({
        service: '${SERVICE}',
        api: 'OcrAllInOne',
        data: { img_url: new wx.serviceMarket.CDN({ type: 'filePath', filePath }), data_type: 3, ocr_type: 8 },
      });
      this.setData({ text: join(res.data.ocr_comm_res.items) });
    } catch (err) {
      this.setData({ error: err.message });
    }
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
  '<view><button id="choose" bindtap="choosePhoto">Choose</button><text class="text">{{text}}</text></view>';

const DOCUMENTS = ['docs/en/testing.md', 'docs/zh/testing.md'];

/** By runner: how its sample is known, where it is written to, how it is run, and what says that all is well. */
const RUNNERS: Record<string, { mark: string; file: string; command: string[]; passed: RegExp }> = {
  jest: {
    mark: 'simulator/jest',
    file: 'ocr.test.js',
    command: [path.join(ROOT, 'node_modules/jest/bin/jest.js'), '--ci'],
    passed: /Tests: +1 passed, 1 total/,
  },
  vitest: {
    mark: 'simulator/vitest',
    file: 'ocr.test.mjs',
    command: [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--no-color'],
    passed: /Tests +1 passed \(1\)/,
  },
  'node:test': {
    mark: 'node:test',
    file: 'ocr.test.js',
    command: ['--test'],
    passed: /^(#|ℹ) pass 1$/m,
  },
};

/** A sample of the documentation. */
function sampleWith(document: string, mark: string): string {
  const sample = samplesOf(document).find(({ language, code }) => language === 'js' && code.includes(mark));
  if (!sample) throw new Error(`${document} has no sample with ${mark}`);
  return sample.code;
}

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
    const { mark, file, command, passed } = RUNNERS[runner];
    const folder = install(PROJECTS[project]);
    writeFiles(folder, { [file]: sampleWith(DOCUMENTS[0], mark) });
    const { output, status } = run(folder, command);
    expect(output).toMatch(passed);
    expect(status).toBe(0);
  });
});

test.each(Object.keys(RUNNERS))('the Chinese page has the same quick start for %s', (runner) => {
  const [english, chinese] = DOCUMENTS.map((document) => sampleWith(document, RUNNERS[runner].mark));
  const untitled = (code: string): string => code.replace(/test\('[^']*'/, "test(''");
  expect(untitled(chinese)).toBe(untitled(english));
});

test.each(DOCUMENTS)('the tests of a page in %s pass', (document) => {
  const folder = install(PROJECTS.js);
  writeFiles(folder, { 'more.test.js': sampleWith(document, 'more.test.js') });
  const { output } = run(folder, ['--test']);
  expect(output).toMatch(/^(#|ℹ) pass 3$/m);
});

test.each(Object.keys(RUNNERS))(
  'the quick start fails under %s where the page calls another service',
  (runner) => {
    const { mark, file, command } = RUNNERS[runner];
    const folder = install(PROJECTS.js);
    const other = sampleWith(DOCUMENTS[0], mark).replace(/(Service\((?:host, )?)'wx\w+'/, "$1'wxother'");
    writeFiles(folder, { [file]: other });
    const { output, status } = run(folder, command);
    expect(output).toContain(
      `Expected a call of wxother/OcrAllInOne. Calls were ${SERVICE}/OcrAllInOne with {"img_url"`,
    );
    expect(status).not.toBe(0);
  },
);
