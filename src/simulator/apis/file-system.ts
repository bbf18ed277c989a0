import { USER_DATA_PATH } from '../client/files';
import { NativeFailure } from '../client/natives';
import type { Env } from '../host/env';
import { toRealm, toRealmTable } from '../realm/realm';
import { randomWord } from '../text';
import type { Any } from '../types';
import { asyncApi, expectKind } from './callbacks';
import type { NativeWork } from './callbacks';
import { checkEncoding, decode, encode } from './file-encoding';

type Operation = (args: Any) => Record<string, unknown> | undefined;

/** Sync members take their arguments by position. */
const POSITIONS: Record<string, string[]> = {
  access: ['path'],
  readFile: ['filePath', 'encoding'],
  writeFile: ['filePath', 'data', 'encoding'],
  appendFile: ['filePath', 'data', 'encoding'],
  unlink: ['filePath'],
  copyFile: ['srcPath', 'destPath'],
  rename: ['oldPath', 'newPath'],
  mkdir: ['dirPath', 'recursive'],
  rmdir: ['dirPath', 'recursive'],
  readdir: ['dirPath'],
  stat: ['path'],
  saveFile: ['tempFilePath', 'filePath'],
};

/** What a Sync member returns; the others return nothing. */
const SYNC_RESULT: Record<string, string> = {
  readFile: 'data',
  readdir: 'files',
  stat: 'stats',
  saveFile: 'savedFilePath',
};

/**
 * `wx.getFileSystemManager()`: every operation as `name` and `nameSync`.
 *
 * @param home - the folder that may be written to
 * @param without - operations that are missing
 */
export function fileSystemManager(env: Env, home = USER_DATA_PATH, without: string[] = []): Any {
  const table: Record<string, unknown> = {};
  for (const [name, operation] of Object.entries(operations(env, home))) {
    if (without.includes(name)) continue;
    const prepare = (args: Any): NativeWork => {
      const [path = ''] = POSITIONS[name] ?? ['filePath'];
      expectKind(args, path, ['String']);
      checkEncoding(args.encoding);
      return { perform: () => operation(args) };
    };
    // Of the file system no member returns a promise, on any of these libraries.
    table[name] = asyncApi(env, name, prepare, false);
    if (name in POSITIONS) table[`${name}Sync`] = syncForm(env, name, operation);
  }
  return toRealmTable(env.realm, table) as unknown;
}

/** File members of `wx` itself, which are older than the file system. */
export function fileApis(env: Env): Record<string, unknown> {
  const { getFileInfo, saveFile } = operations(env, USER_DATA_PATH);
  const api = (name: string, operation: Operation | undefined): unknown =>
    asyncApi(env, name, (args) => ({ perform: () => operation?.(args) }));
  return { getFileInfo: api('getFileInfo', getFileInfo), saveFile: api('saveFile', saveFile) };
}

function syncForm(env: Env, name: string, operation: Operation): (...values: unknown[]) => unknown {
  const api = `${name}Sync`;
  return (...values) => {
    const names = POSITIONS[name] as string[];
    const args = Object.fromEntries(names.map((key, index) => [key, values[index]]));
    try {
      const result = env.natives.callSync(api, args, () => operation(args));
      return toRealm(env.realm, result?.[SYNC_RESULT[name] ?? '']) as unknown;
    } catch (error) {
      if (!(error instanceof NativeFailure)) throw error;
      throw new Error(`${api}:fail ${error.failCause}`, { cause: error });
    }
  };
}

function operations(env: Env, home: string): Record<string, Operation> {
  const { files } = env;
  const mayWrite = (path: unknown): string => {
    if (typeof path === 'string' && path.startsWith(`${home}/`)) return path;
    throw new NativeFailure(`permission denied, open "${String(path)}"`);
  };
  const write = (path: string, bytes: Uint8Array): undefined => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!files.isFolder(folder)) throw new NativeFailure(`no such file or directory, open "${path}"`);
    files.make(path, bytes);
  };
  return {
    access({ path }) {
      if (files.has(path) || files.isFolder(path)) return undefined;
      throw new NativeFailure(`no such file or directory ${path}`);
    },
    readFile: ({ filePath, encoding }) => ({ data: decode(files.read(filePath), encoding) }),
    writeFile: ({ filePath, data, encoding }) => write(mayWrite(filePath), encode(data, encoding)),
    appendFile({ filePath, data, encoding }) {
      const before = files.read(mayWrite(filePath));
      const after = encode(data, encoding);
      const bytes = new Uint8Array(before.length + after.length);
      bytes.set(before);
      bytes.set(after, before.length);
      return write(filePath, bytes);
    },
    unlink({ filePath }) {
      files.remove(mayWrite(filePath));
      return undefined;
    },
    copyFile: ({ srcPath, destPath }) => write(mayWrite(destPath), files.read(srcPath)),
    rename({ oldPath, newPath }) {
      write(mayWrite(newPath), files.read(mayWrite(oldPath)));
      files.remove(oldPath);
      return undefined;
    },
    mkdir({ dirPath }) {
      if (files.isFolder(mayWrite(dirPath))) throw new NativeFailure(`file already exists ${dirPath}`);
      files.makeFolder(dirPath);
      return undefined;
    },
    rmdir({ dirPath, recursive }) {
      if (!recursive && files.under(mayWrite(dirPath)).length > 0)
        throw new NativeFailure('directory not empty');
      files.removeFolder(dirPath);
      return undefined;
    },
    readdir: ({ dirPath }) => ({ files: files.under(dirPath).map((name) => name.slice(dirPath.length + 1)) }),
    stat: ({ path }) => ({ stats: { size: files.isFolder(path) ? 0 : files.read(path).length } }),
    getFileInfo: ({ filePath }) => ({ size: files.read(filePath).length }),
    saveFile({ tempFilePath, filePath = `${home}/store_${randomWord()}` }) {
      write(mayWrite(filePath), files.read(tempFilePath));
      return { savedFilePath: filePath as string };
    },
  };
}
