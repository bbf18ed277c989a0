/** `npm run demo`: builds the package where a source is newer than what is built, then runs the demo. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** What the demo uses, and what it is built from. */
const BUILT = [
  'dist/node/simulator.js',
  'dist/node/relay.js',
  'dist/node/inject.js',
  'dist/compat/bridge.min.js',
];
const SOURCES = ['src', 'build', 'rollup.config.mjs', 'package-lock.json', 'tsconfig.base.json'];

function newest(entry) {
  const stat = statSync(entry);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

function isStale() {
  if (!BUILT.every((file) => existsSync(file))) return true;
  return Math.max(...SOURCES.map(newest)) > Math.min(...BUILT.map((file) => statSync(file).mtimeMs));
}

/** On Windows npm is a script of the shell. */
function run(command, args, options) {
  const { status } = spawnSync(command, args, { ...options, shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

const args = process.argv.slice(2);
if (isStale()) {
  console.error(
    'Getting ready: the package is built first. This takes about half a minute, and only this once.',
  );
  run('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
const { status } = spawnSync(process.execPath, ['demo-miniprogram/run.js', ...args], { stdio: 'inherit' });
process.exitCode = status ?? 1;
