import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ChannelName, Configuration } from '../protocol';
import { configureArtifact } from './artifact';
import { InjectError } from './errors';

const PACKAGE = 'miniprogram-servicemarket';
const ORDER: ChannelName[] = ['bridge', 'relay', 'cloud'];

/**
 * The smallest prebuilt runtime that holds the configured channels, with the configuration written into it.
 *
 * @param packageRoot - folder of this package; found from the running file by default
 * @throws InjectError when the package was not built or its file is damaged
 */
export function loadRuntime(configuration: Configuration, packageRoot = findPackageRoot(__dirname)): string {
  const channels = configuration.channels ?? ['bridge'];
  const name = `dist/compat/${ORDER.filter((channel) => channels.includes(channel)).join('+')}.min.js`;
  let built: string;
  try {
    built = readFileSync(join(packageRoot, name), 'utf8');
  } catch (cause) {
    const fix = 'Install the package again, or run "npm run build" in its source';
    throw new InjectError('use the built runtime', 'it cannot be read', fix, { file: name }, { cause });
  }
  return configureArtifact(built, configuration, name);
}

/** @returns the nearest folder at or above `start` that is this package */
function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === PACKAGE) return folder;
    if (folder === dirname(folder)) {
      throw new InjectError(
        'find the package',
        `no package.json of ${PACKAGE} above ${start}`,
        'Install it again',
      );
    }
  }
}

/** @returns the version of this package */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(findPackageRoot(__dirname), 'package.json'), 'utf8')).version;
}
