import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InjectError } from './errors';

const PACKAGE = 'miniprogram-servicemarket';

/** @returns the nearest folder at or above the running file that is this package */
export function findPackageRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === PACKAGE) return folder;
    if (folder === dirname(folder)) {
      throw new InjectError(
        'find the package',
        `no package.json of ${PACKAGE} above ${__dirname}`,
        'Install it again',
      );
    }
  }
}

/** @returns the version of this package */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(findPackageRoot(), 'package.json'), 'utf8')).version;
}
