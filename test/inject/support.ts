import { createHash } from 'node:crypto';
import { cleanUpAfterSuite } from '../support/cleanup';
import { temporaryFolder } from '../support/files';

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

/** @returns the root of a package as the build leaves it, with {@link fakeRuntime} in every variant; it is removed after the suite */
export function fakePackage(version = '1.0.0'): string {
  const tree = Object.fromEntries(
    VARIANTS.map((name) => [`dist/compat/${name}.min.js`, fakeRuntime(name, version)]),
  );
  return temporaryFolder(
    {
      ...tree,
      'package.json': JSON.stringify({ name: 'miniprogram-servicemarket', version }),
    },
    cleanUpAfterSuite,
  );
}
