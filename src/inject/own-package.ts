import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InjectError } from './errors';

const NAME = 'miniprogram-servicemarket';

/**
 * @returns the nearest folder at or above the running file that is this package
 * @throws InjectError when there is none
 */
export function findOwnPackage(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === NAME) return folder;
    if (folder === dirname(folder)) throw new InjectError('noOwnPackage', { name: NAME, folder: __dirname });
  }
}

/** @returns the version of this package */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(findOwnPackage(), 'package.json'), 'utf8')).version;
}

/**
 * Reads a file that the build made.
 *
 * @param packageDir - this package's folder
 * @param path - relative to it
 * @throws InjectError when it is missing
 */
export function readBuiltFile(packageDir: string, path: string): string {
  try {
    return readFileSync(join(packageDir, path), 'utf8');
  } catch (cause) {
    throw new InjectError('builtUnreadable', {}, { file: path }, { cause });
  }
}
