/** The real base libraries that the simulator is held to: which files, how to know them, and where they are laid. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export type Version = '1.6.0' | '2.3.2' | '2.11.0' | '2.30.3';

export interface Library {
  version: Version;
  /** The version of the app that came with it. */
  clientVersion: string;
  /** Names of its files and the SHA-256 of each. */
  files: Record<string, string>;
  hasPlugins: boolean;
  /** What engines of its time lacked. */
  engine?: 'es5' | 'es2015' | 'es2016';
  /** The row of the simulator that plays it. */
  row: string;
  /** What has to be done to the file before it can be read, and was done before its checksum was taken. */
  note?: string;
  /** Names that packagers of its time write as parameters of every module, after `exports`, and pass nothing for. */
  shadowed: string[];
}

const SHADOWED = [
  ...[
    'window',
    'document',
    'frames',
    'self',
    'location',
    'navigator',
    'localStorage',
    'history',
    'Caches',
    'screen',
  ],
  ...['alert', 'confirm', 'prompt', 'XMLHttpRequest', 'WebSocket'],
];
const SHADOWED_LATER = [...SHADOWED, 'Reporter', 'webkit', 'WeixinJSCore'];

export const LIBRARIES: Library[] = [
  {
    version: '1.6.0',
    hasPlugins: false,
    clientVersion: '6.5.16',
    engine: 'es5',
    row: '1.6.0',
    shadowed: SHADOWED,
    files: { 'WAService.js': 'a4e276cb64aeab042b26bead2e71d92fe9057b5f7702e200faeeae1f437e0d5a' },
  },
  {
    version: '2.3.2',
    hasPlugins: true,
    clientVersion: '6.7.3',
    engine: 'es2015',
    row: '2.3.2',
    shadowed: SHADOWED,
    files: { 'WAService.js': 'b35f2ee2ab13ffe98e7da44474f88f8a0fe28a49839067d098c4f01660a374cd' },
  },
  {
    version: '2.11.0',
    hasPlugins: true,
    clientVersion: '7.0.14',
    engine: 'es2016',
    row: '2.11.0',
    shadowed: SHADOWED_LATER,
    files: { 'WAService.js': '24c4299ad91441986d553803203d6ded4e6d29e1ce61d88af2f7b417da7648a3' },
    note: 'the copy that is found breaks one string literal over two lines: join COMPON and ENT_DEF_TAB first',
  },
  {
    version: '2.30.3',
    hasPlugins: true,
    clientVersion: '8.0.34',
    row: '2.30.3',
    shadowed: SHADOWED_LATER,
    files: {
      'WAService.js': '4eb2ade0f85fb152349f2b074ab292db68afc417b99dcdee7fc9dafa240fd925',
      'WACloud.js': '4faa727f05372413664ec1d44ec934a420a3c078a8a290daf0ce66120796be26',
    },
  },
];

/** The folder that BASELIBS names, with one folder for each version; undefined where it is not set. */
export const librariesFolder = (): string | undefined =>
  process.env.BASELIBS === undefined ? undefined : path.resolve(process.env.BASELIBS);

/** The path of a library's file. @throws Error where BASELIBS is not set */
export function fileOf({ version }: Library, name: string): string {
  const folder = librariesFolder();
  if (folder === undefined) {
    throw new Error(
      'Failed to find the base libraries: BASELIBS is not set. Let it name the folder that holds them.',
    );
  }
  return path.join(folder, version, name);
}

export type Presence = 'laid out' | 'missing' | 'another file';

/** Whether a file of a library is there, and is the one that the recorded facts were taken from. */
export function presenceOf(library: Library, name: string): Presence {
  if (librariesFolder() === undefined || !fs.existsSync(fileOf(library, name))) return 'missing';
  const sum = createHash('sha256')
    .update(fs.readFileSync(fileOf(library, name)))
    .digest('hex');
  return sum === library.files[name] ? 'laid out' : 'another file';
}

/** Whether all files of a library are there. */
export const isLaidOut = (library: Library): boolean =>
  Object.keys(library.files).every((name) => presenceOf(library, name) === 'laid out');
