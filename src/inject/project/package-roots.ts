import { InjectError } from '../errors';
import { parseJsonFile } from './json-file';
import type { JsonFile } from '../../json';
import { joinPath, normaliseRoot } from './paths';
import type { ProjectFiles } from './files';

/** A folder that is packed as one thing, with the manifest at its root. */
export interface Area {
  kind: 'app' | 'game' | 'plugin';
  /** Relative to the project; '' is the project's folder. */
  root: string;
  manifest: JsonFile;
  /** Whether its owner asked for the shim. */
  on: boolean;
}

const MANIFEST = { app: 'app.json', game: 'game.json', plugin: 'plugin.json' } as const;
const KEY = 'servicemarket';

/**
 * Finds what a project packs: a mini-program or a game, and a plugin where `compileType` says so. The key
 * counts in the manifest that holds it; in a plugin project the host's key covers the plugin too, because
 * plugin.json knows no such key.
 *
 * @throws InjectError when there is no manifest, or one cannot be read
 */
export function findAreas(files: ProjectFiles): Area[] {
  const text = files.read('project.config.json');
  const config = text === undefined ? {} : parseJsonFile('project.config.json', text).value;
  const type = typeof config.compileType === 'string' ? config.compileType.toLowerCase() : '';
  const isPlugin = type.includes('plugin');
  const hostRoot = normaliseRoot(config.miniprogramRoot);
  const order: Area['kind'][] = type.includes('game') ? ['game', 'app'] : ['app', 'game'];
  const host = openArea(files, order[0], hostRoot) ?? openArea(files, order[1], hostRoot);
  const plugin = isPlugin || !host ? openArea(files, 'plugin', normaliseRoot(config.pluginRoot)) : undefined;
  if (plugin && host?.on) plugin.on = true;
  const areas = [host, plugin].filter((area) => area !== undefined);
  if (!areas.length)
    throw noManifest(text === undefined ? undefined : joinPath(hostRoot, MANIFEST[order[0]]));
  return areas;
}

/** @returns the area whose manifest stands in a folder, or undefined */
export function openArea(files: ProjectFiles, kind: Area['kind'], root: string): Area | undefined {
  const path = joinPath(root, MANIFEST[kind]);
  const text = files.read(path);
  if (text === undefined) return undefined;
  const manifest = parseJsonFile(path, text);
  return { kind, root, manifest, on: manifest.value[KEY] === true };
}

function noManifest(expected: string | undefined): InjectError {
  const cause = expected
    ? `${expected} is missing`
    : 'no project.config.json, app.json, game.json or plugin.json here';
  return new InjectError('find the project', cause, "Name the project's folder, or its build's output");
}
