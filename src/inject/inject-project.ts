import { statSync } from 'node:fs';
import type { Configuration } from '../protocol';
import { findAreas } from './areas';
import { copyOut } from './copy-out';
import { InjectError } from './errors';
import { recover } from './journal';
import { planInjection } from './plan';
import { openFolder } from './project-files';
import { loadRuntime } from './variant';
import { writeChanges } from './write';

export interface InjectOptions {
  /** Folder that gets a copy of the project with the shim in it; the project itself stays as it is. */
  out?: string;
  /** Say what would be done and write nothing. */
  dryRun?: boolean;
  /** Instead of servicemarket.config.json. */
  config?: Configuration;
  /** Folder of this package, where the built runtime is; found by default. */
  packageRoot?: string;
}

export interface InjectResult {
  /**
   * `injected`: files were written, or would be; `current`: nothing to do; `stale`: a check found what
   * injection would change; `off`: no manifest has `"servicemarket": true`.
   */
  status: 'injected' | 'current' | 'stale' | 'off';
  /** Files that were there before, relative to the project. */
  changed: string[];
  created: string[];
}

/**
 * Puts the built runtime into a mini-program, game or plugin whose manifest has `"servicemarket": true`.
 * Writes every file or none; a second run changes nothing.
 *
 * @param projectDir - the folder with project.config.json, or with app.json / game.json / plugin.json
 * @throws InjectError naming the file and place of what is wrong, and the fix
 */
export function injectProject(projectDir: string, options: InjectOptions = {}): InjectResult {
  requireFolder(projectDir);
  recover(projectDir);
  const files = openFolder(projectDir);
  const areas = findAreas(files);
  const on = areas.some((area) => area.on);
  const changes = on
    ? planInjection(files, areas, loadRuntime(options.config ?? {}, options.packageRoot))
    : [];
  let written = changes.length > 0;
  if (!options.dryRun) {
    if (options.out !== undefined) written = copyOut(projectDir, options.out, changes);
    else writeChanges(projectDir, changes);
  }
  const paths = (there: boolean) =>
    changes.filter(({ before }) => (before !== undefined) === there).map(({ path }) => path);
  return {
    status: !on ? 'off' : written ? 'injected' : 'current',
    changed: paths(true),
    created: paths(false),
  };
}

function requireFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new InjectError('find the project', `${path} is no folder`, "Name the project's folder");
}
