/**
 * Pins what `miniprogram-servicemarket demo` fetches: the versions that the tests use, with their integrity and sizes.
 * Run it by hand after an update of one of them; a test says when that is due.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PACKAGES = [
  'tesseract.js',
  '@tesseract.js-data/eng',
  'fastify',
  '@fastify/multipart',
  '@fastify/cors',
  // A part of fastify, whose newest version wants Node 22.
  'light-my-request',
  'cli-progress',
];
const TARGET = 'demo-miniprogram/fetched';

const { packages: tested } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]));
/** The version that the tests use, wherever npm has put it. */
function versionOf(name) {
  const at = Object.keys(tested).find((key) => key.endsWith(`node_modules/${name}`));
  return tested[at].version;
}

const folder = mkdtempSync(path.join(tmpdir(), 'servicemarket-lock-'));
const cache = path.join(folder, 'cache');
const manifest = `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`;
writeFileSync(path.join(folder, 'package.json'), manifest);
execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', cache], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
});

/** npm keeps each archive under its hash. */
function archiveBytes(integrity) {
  const hash = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
  const file = [hash.slice(0, 2), hash.slice(2, 4), hash.slice(4)];
  return statSync(path.join(cache, '_cacache/content-v2/sha512', ...file)).size;
}

const lock = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8'));
const sizes = Object.entries(lock.packages).flatMap(([at, { version, integrity }]) =>
  at ? [{ name: at.replace(/^.*node_modules\//, ''), version, bytes: archiveBytes(integrity) }] : [],
);
// Which registry they come from is the user's to say.
for (const entry of Object.values(lock.packages)) delete entry.resolved;
lock.name = 'servicemarket-demo';
writeFileSync(path.join(TARGET, 'package.json'), manifest);
writeFileSync(path.join(TARGET, 'lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
writeFileSync(path.join(TARGET, 'sizes.json'), `${JSON.stringify(sizes, null, 2)}\n`);
rmSync(folder, { recursive: true });
