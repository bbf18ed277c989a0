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
    if (folder === dirname(folder)) {
      const cause = `no package.json of ${NAME} above ${__dirname}`;
      throw new InjectError('find the package', cause, 'Install it again');
    }
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
    const fix = 'Install the package again, or run "npm run build" in its source';
    throw new InjectError('use the built package', 'it cannot be read', fix, { file: path }, { cause });
  }
}
