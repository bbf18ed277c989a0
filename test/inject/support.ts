import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files by their path relative to a folder. */
export type Tree = Record<string, string>;

const folders: string[] = [];

/** @returns a new folder with the files in it; {@link removeFolders} deletes it */
export function makeFolder(tree: Tree = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'servicemarket-inject-'));
  folders.push(root);
  writeTree(root, tree);
  return root;
}

export function writeTree(root: string, tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** @returns every file below a folder; bytes as Latin-1, so that equal trees have equal bytes */
export function readTree(root: string): Tree {
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => [path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'latin1')]),
  );
}

export function removeFolders(): void {
  for (const root of folders.splice(0)) rmSync(root, { recursive: true, force: true });
}

const CHANNEL_SETS = [
  'bridge',
  'relay',
  'cloud',
  'bridge+relay',
  'bridge+cloud',
  'relay+cloud',
  'bridge+relay+cloud',
];
const VARIANTS = [...CHANNEL_SETS, ...CHANNEL_SETS.map((channels) => `${channels}+plugins`), 'plugin'];

/** A runtime in the form of the built files; it only says in `globalThis.order` that it ran. */
function fakeRuntime(channels: string, version = '1.0.0'): string {
  const body =
    '(function(exports,config,plugins){(globalThis.order=globalThis.order||[]).push("shim");exports.config=config;exports.plugins=plugins})' +
    '(typeof exports==="object"&&exports?exports:{},{});\n';
  const checksum = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return `/*! miniprogram-servicemarket v${version} ${channels} sha256:${checksum} */\n${body}`;
}

/** @returns the root of a package as the build leaves it, with {@link fakeRuntime} in every variant */
export function fakePackage(version = '1.0.0'): string {
  const tree = Object.fromEntries(
    VARIANTS.map((name) => [`dist/compat/${name}.min.js`, fakeRuntime(name, version)]),
  );
  return makeFolder({
    ...tree,
    'package.json': JSON.stringify({ name: 'miniprogram-servicemarket', version }),
  });
}
