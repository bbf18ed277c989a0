import { InjectError } from '../errors';
import { parseJsonFile } from './json-file';
import type { JsonFile } from '../../json';
import { joinPath, normaliseRoot } from './paths';
import type { ProjectFiles } from './files';
import { readProjectConfig } from './project-config';

/** A folder that the platform packs on its own, with its manifest: a mini-program, a game or a plugin. */
export interface PackageRoot {
  kind: 'app' | 'game' | 'plugin';
  /** Relative to the project; '' is the project's folder. */
  folder: string;
  manifest: JsonFile;
  /** Whether `"servicemarket": true` covers it. */
  isEnabled: boolean;
}

const MANIFEST = { app: 'app.json', game: 'game.json', plugin: 'plugin.json' } as const;
const SWITCH = 'servicemarket';

/**
 * Finds the package roots of a project: a mini-program or a game, and a plugin where `compileType` says so. The
 * switch counts in the manifest that holds it; in a plugin project the host's switch covers the plugin too,
 * because plugin.json knows no such key.
 *
 * @throws InjectError when there is no manifest, or one cannot be read
 */
export function findPackageRoots(files: ProjectFiles): PackageRoot[] {
  const config = readProjectConfig(files)?.value;
  const compileType = typeof config?.compileType === 'string' ? config.compileType.toLowerCase() : '';
  const hostFolder = normaliseRoot(config?.miniprogramRoot);
  const order: PackageRoot['kind'][] = compileType.includes('game') ? ['game', 'app'] : ['app', 'game'];
  const host = openPackageRoot(files, order[0], hostFolder) ?? openPackageRoot(files, order[1], hostFolder);
  const isPlugin = compileType.includes('plugin') || !host;
  const plugin = isPlugin ? openPackageRoot(files, 'plugin', normaliseRoot(config?.pluginRoot)) : undefined;
  if (plugin && host?.isEnabled) plugin.isEnabled = true;
  const roots = [host, plugin].filter((root) => root !== undefined);
  if (!roots.length) throw noManifest(config && joinPath(hostFolder, MANIFEST[order[0]]));
  return roots;
}

/** @returns the package root whose manifest stands in a folder, or undefined */
export function openPackageRoot(
  files: ProjectFiles,
  kind: PackageRoot['kind'],
  folder: string,
): PackageRoot | undefined {
  const path = joinPath(folder, MANIFEST[kind]);
  const text = files.read(path);
  if (text === undefined) return undefined;
  const manifest = parseJsonFile(path, text);
  return { kind, folder, manifest, isEnabled: manifest.value[SWITCH] === true };
}

function noManifest(expected: string | undefined): InjectError {
  return expected ? new InjectError('manifestMissing', { path: expected }) : new InjectError('noProject', {});
}
