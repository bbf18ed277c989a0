/** What the demo needs beside this package: an OCR engine with its model, and the peers of the relay. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOwnPackage } from '../../inject';
import { text } from '../../texts';
import { Failure } from '../failure';

/** The demo's folder in this package, and in it the pinned versions that build/lock-demo.mjs writes. */
const DEMO = 'demo-miniprogram';
const PINNED = `${DEMO}/fetched`;

export interface FetchedPackage {
  name: string;
  version: string;
  /** Of its archive, which is what is fetched. */
  bytes: number;
}

/** Comes with fastify, below it or beside it; it is pinned for its version alone. */
const PART_OF_FASTIFY = 'light-my-request';

/** @returns whether all of it is installed already, as in a clone of the repository */
export function hasPackages(): boolean {
  const { resolve } = createRequire(join(findOwnPackage(), DEMO, 'run.js'));
  const { dependencies } = JSON.parse(readPinned('package.json')) as { dependencies: object };
  return Object.keys(dependencies).every((name) => {
    if (name === PART_OF_FASTIFY) return true;
    try {
      return Boolean(resolve(name));
    } catch {
      return false;
    }
  });
}

/** @returns what is to be fetched, and the folder that it goes to */
export function listFetched(): { folder: string; packages: FetchedPackage[] } {
  return { folder: cacheFolder(), packages: JSON.parse(readPinned('sizes.json')) as FetchedPackage[] };
}

/** @returns the folder that it was fetched to, or undefined */
export function findFetched(): string | undefined {
  const folder = cacheFolder();
  return existsSync(folder) ? folder : undefined;
}

/**
 * Fetches it with npm, which holds every archive to the integrity of the lock, and runs none of its scripts. The folder
 * gets its name when it is complete.
 *
 * @returns the folder
 * @throws Failure where npm fails; it has said why
 */
export function fetchPackages(): string {
  const folder = cacheFolder();
  const staged = `${folder}.${process.pid}`;
  mkdirSync(staged, { recursive: true });
  try {
    copyFileSync(pinned('package.json'), join(staged, 'package.json'));
    // npm packs no file of this name.
    copyFileSync(pinned('lock.json'), join(staged, 'package-lock.json'));
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    // On Windows npm is a script of the shell.
    const { status } = spawnSync('npm', args, {
      cwd: staged,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'ignore', 'inherit'],
      env: withoutProject(),
    });
    if (status !== 0) throw new Failure(text('demoFetchFailed'));
    // Another run may have been faster.
    if (!existsSync(folder)) renameSync(staged, folder);
    return folder;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** Run by npx, npm would take the folder that npx was called in for the project. */
function withoutProject(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(?:config_local_)?prefix$|^npm_config_(?:prefix|package|call)$/i.test(name),
    ),
  );
}

/** Named after the lock, so that a new version of this package fetches only what has changed. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const system =
    process.platform === 'darwin'
      ? join(homedir(), 'Library', 'Caches')
      : process.platform === 'win32'
        ? (LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
        : join(homedir(), '.cache');
  const id = createHash('sha256').update(readPinned('lock.json')).digest('hex').slice(0, 12);
  return join(XDG_CACHE_HOME || system, 'miniprogram-servicemarket', `demo-${id}`);
}

function pinned(name: string): string {
  return join(findOwnPackage(), PINNED, name);
}

function readPinned(name: string): string {
  return readFileSync(pinned(name), 'utf8');
}
