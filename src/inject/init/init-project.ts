import { text } from '../../texts';
import { CONFIGURATION_NAME } from '../project/configuration';
import { recover } from '../apply/journal';
import { groupPaths, onlyChanged } from '../apply/file-change';
import type { FileChange } from '../apply/file-change';
import { hasSameLines } from '../edits/runtime-file';
import { InjectError } from '../errors';
import type { JsonFile } from '../../json';
import { openFolder, requireFolder } from '../project/files';
import type { Folder } from '../project/files';
import { detectFramework } from '../project/framework';
import { findPackageRoots } from '../project/package-roots';
import { readProjectConfig } from '../project/project-config';
import { writeChanges } from '../apply/write';
import { addHooks, removeHooks } from './hooks';
import { addSwitch, removeSwitch } from './json-edits';

const SCHEMA = './node_modules/miniprogram-servicemarket/dist/servicemarket.config.schema.json';
const CONFIGURATION = `${JSON.stringify({ $schema: SCHEMA, channels: ['bridge'] }, null, 2)}\n`;

export interface InitResult {
  changed: string[];
  created: string[];
  deleted: string[];
  notes: string[];
}

/**
 * Starts a project: writes servicemarket.config.json where there is none, sets `"servicemarket": true` in the manifest
 * of a mini-program or game, and puts the DevTools hooks into project.config.json. What is there stays; a second run
 * changes nothing. Of a framework's project only the configuration is written: its build makes the manifest.
 *
 * @throws InjectError when a manifest or project.config.json cannot be read or written
 */
export function initProject(projectDir: string, { dryRun = false } = {}): InitResult {
  requireFolder(projectDir);
  recover(projectDir);
  const files = openFolder(projectDir);
  const planned: FileChange[] = [];
  if (!files.has(CONFIGURATION_NAME))
    planned.push({ path: CONFIGURATION_NAME, before: undefined, after: CONFIGURATION });
  const framework = detectFramework(projectDir);
  if (framework) {
    const { name, configFile, guide, hasPlugin } = framework;
    const notes = hasPlugin ? [] : [text('pluginMissing', { name, configFile, guide })];
    return apply(projectDir, planned, [...notes, text('keyOfFramework', { name, guide })], dryRun);
  }
  const manifest = findManifest(files);
  if (manifest) planned.push(changeOf(manifest, addSwitch(manifest)));
  const config = readProjectConfig(files);
  if (config) planned.push(changeOf(config, addHooks(config.text)));
  return apply(projectDir, planned, config ? [] : [text('noHooks')], dryRun);
}

/**
 * Takes out what {@link initProject} put in: the key, the hooks, and a configuration that nobody has changed. The shim
 * itself goes by `removeInjection`.
 */
export function undoInit(projectDir: string, { dryRun = false } = {}): InitResult {
  requireFolder(projectDir);
  recover(projectDir);
  const files = openFolder(projectDir);
  const planned: FileChange[] = [];
  const configuration = files.read(CONFIGURATION_NAME);
  const isOurs = configuration !== undefined && hasSameLines(configuration, CONFIGURATION);
  if (isOurs) planned.push({ path: CONFIGURATION_NAME, before: configuration, after: undefined });
  const manifest = detectFramework(projectDir) ? undefined : findManifest(files);
  if (manifest) planned.push(changeOf(manifest, removeSwitch(manifest)));
  const config = readProjectConfig(files);
  if (config) planned.push(changeOf(config, removeHooks(config.text)));
  const notes = configuration === undefined || isOurs ? [] : [text('configurationKept')];
  return apply(projectDir, planned, notes, dryRun);
}

/** @returns the manifest of the mini-program or game, or undefined where there is none yet */
function findManifest(files: Folder): JsonFile | undefined {
  try {
    return findPackageRoots(files).find(({ kind }) => kind !== 'plugin')?.manifest;
  } catch (error) {
    if (error instanceof InjectError && ['manifestMissing', 'noProject'].includes(error.code))
      return undefined;
    throw error;
  }
}

function changeOf({ path, text: before }: JsonFile, after: string): FileChange {
  return { path, before, after };
}

function apply(projectDir: string, planned: FileChange[], notes: string[], dryRun: boolean): InitResult {
  const changes = onlyChanged(planned);
  if (!dryRun) writeChanges(projectDir, changes);
  return { ...groupPaths(changes), notes };
}
