/** `demo` of the packed package, as in a folder where nothing else is installed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPacked } from '../support/installed-package';
import { readFiles, ROOT, temporaryFolder, writeFiles } from '../support/files';

const FETCHED = join(ROOT, 'demo-miniprogram/fetched');
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** Stands for npm: has what it was asked for. */
const NPM = `#!${process.execPath}
const fs = require('node:fs');
fs.writeFileSync('asked.json', JSON.stringify(process.argv.slice(2)));
fs.symlinkSync(${JSON.stringify(join(ROOT, 'node_modules'))}, 'node_modules');
`;

function install() {
  const home = temporaryFolder({ 'bin/npm': NPM, 'project/a': '' });
  chmodSync(join(home, 'bin/npm'), 0o755);
  const owner = join(home, 'elsewhere');
  installPacked(owner);
  const project = join(home, 'project');
  const demo = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [join(owner, 'node_modules/miniprogram-servicemarket/dist/node/cli.js'), 'demo', ...args],
      {
        cwd: project,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
          XDG_CACHE_HOME: join(home, 'cache'),
        },
      },
    );
  return { home, project, demo };
}

test('names what it fetches, asks, fetches it once into the cache, and reads the photo', () => {
  const { home, project, demo } = install();
  const help = demo('--help');
  expect(help).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Usage: npx miniprogram-servicemarket demo'),
  });
  const refused = demo();
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/34\.6 MB in all[^]*\n {2}tesseract\.js-core 7\.0\.0 +16\.9 MB\n/);
  expect(refused.stderr).toContain('Run it again with --yes');
  expect(existsSync(join(home, 'cache'))).toBe(false);

  const ran = demo('--yes', '--json');
  expect(JSON.parse(ran.stdout)).toMatchObject({ text: expect.stringContaining('CORNER BOOKSHOP') });
  const [cache] = Object.keys(readFiles(join(home, 'cache'))).map((path) =>
    path.split('/').slice(0, 2).join('/'),
  );
  const folder = join(home, 'cache', cache);
  expect(read(join(folder, 'asked.json')).slice(0, 2)).toEqual(['ci', '--ignore-scripts']);
  expect(read(join(folder, 'package-lock.json'))).toEqual(read(join(FETCHED, 'lock.json')));
  writeFiles(home, { 'bin/npm': '#!/bin/sh\nexit 1\n' });
  const again = demo('--json');
  expect(again).toMatchObject({ status: 0, stderr: '' });
  expect(readFiles(project)).toEqual({ a: '' });
});

test('says so where nothing can be fetched, and leaves nothing behind', () => {
  const { home, demo } = install();
  writeFiles(home, { 'bin/npm': '#!/bin/sh\necho no registry >&2\nexit 1\n' });
  const { status, stderr } = demo('--yes', '--lang', 'zh');
  expect(status).toBe(1);
  expect(stderr).toMatch(/no registry\n获取演示所需的包失败/);
  expect(readFiles(join(home, 'cache'))).toEqual({});
});

test('what it fetches is pinned with integrity, at the versions that the tests use (build/lock-demo.mjs writes it)', () => {
  const lock = read(join(FETCHED, 'lock.json')).packages as Record<
    string,
    { version: string; integrity?: string }
  >;
  const tested = read(join(ROOT, 'package-lock.json')).packages as typeof lock;
  const { dependencies } = read(join(FETCHED, 'package.json')) as { dependencies: Record<string, string> };
  for (const [name, version] of Object.entries(dependencies)) {
    const at = Object.keys(tested).find((key) => key.endsWith(`node_modules/${name}`)) ?? '';
    expect({ name, version }).toEqual({ name, version: tested[at].version });
  }
  const packages = Object.entries(lock).filter(([at]) => at);
  expect(packages.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))).toEqual([]);
  const sizes = read(join(FETCHED, 'sizes.json')) as { name: string; version: string }[];
  expect(sizes.map(({ name, version }) => `${name} ${version}`)).toEqual(
    packages.map(([at, { version }]) => `${at.replace(/^.*node_modules\//, '')} ${version}`),
  );
});
