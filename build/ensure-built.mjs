import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** What the package is built from. */
const SOURCES = ['src', 'build', 'rollup.config.mjs', 'package-lock.json', 'tsconfig.base.json'];

function newest(entry) {
  const stat = statSync(entry);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

function isStale(built) {
  if (!built.every((file) => existsSync(file))) return true;
  return Math.max(...SOURCES.map(newest)) > Math.min(...built.map((file) => statSync(file).mtimeMs));
}

/**
 * Builds the package where a source is newer than what is built. Ends this process where that fails.
 *
 * @param {string[]} built - the files that are used
 */
export function ensureBuilt(built) {
  if (!isStale(built)) return;
  console.error(
    'Getting ready: the package is built first. This takes about half a minute, and only this once.',
  );
  // On Windows npm is a script of the shell.
  const shell = process.platform === 'win32';
  const stdio = ['ignore', 'ignore', 'inherit'];
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio, shell });
  if (status !== 0) process.exit(status ?? 1);
}
