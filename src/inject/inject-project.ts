import { findAreas } from './project/package-roots';
import { configurationOf, readConfiguration } from './project/configuration';
import type { ProjectConfiguration } from './project/configuration';
import { copyOut } from './apply/project-copy';
import { recover } from './apply/journal';
import { findLeftovers } from './apply/leftovers';
import { planInjection } from './apply/plan';
import type { FileChange } from './apply/plan';
import { planRemoval } from './apply/removal';
import { openFolder, requireFolder } from './project/files';
import { findRemarks } from './project/warnings';
import { openRuntime } from './edits/prebuilt';
import type { Runtime } from './edits/prebuilt';
import { walkFiles } from './project/walk';
import { writeChanges } from './apply/write';

export interface InjectOptions {
  /** Folder that gets a copy of the project with the shim in it; the project itself stays as it is. */
  out?: string;
  /** Say what would be done and write nothing. */
  dryRun?: boolean;
  /** Write nothing; the status is `stale` where injection would change a file. */
  check?: boolean;
  /** A configuration, or the path of its file, instead of the project's servicemarket.config.json. */
  config?: ProjectConfiguration | string;
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
  /** Files that have the shim from a former run although no manifest asks for it; absent without any. */
  left?: string[];
  /** What was found beside that: stale or edited copies, a former run that was killed. */
  notes: string[];
}

export interface RemoveResult {
  /** `absent`: nothing of ours was there. */
  status: 'removed' | 'absent';
  /** Files that are as they were before injection, relative to the project. */
  changed: string[];
  deleted: string[];
  notes: string[];
}

/**
 * Puts the built runtime into a mini-program, game or plugin whose manifest has `"servicemarket": true`.
 * Writes every file or none; a second run changes nothing.
 *
 * @param projectDir - the folder with project.config.json, or with app.json / game.json / plugin.json
 * @throws InjectError naming the file and place of what is wrong, and the fix
 */
export function injectProject(projectDir: string, options: InjectOptions = {}): InjectResult {
  const notes = openProject(projectDir);
  const files = openFolder(projectDir);
  const areas = findAreas(files);
  const on = areas.some((area) => area.on);
  const runtime = on ? openConfigured(projectDir, options) : undefined;
  const changes = runtime ? planInjection(files, areas, runtime) : [];
  const written = write(projectDir, changes, options);
  const status = options.check ? 'stale' : 'injected';
  const made = written ? changes : [];
  const left = findLeftovers(files, areas);
  return {
    status: !on ? 'off' : written ? status : 'current',
    changed: pathsOf(made.filter(({ before }) => before !== undefined)),
    created: pathsOf(made.filter(({ before }) => before === undefined)),
    ...(left.length ? { left } : {}),
    notes: [
      ...notes,
      ...made.flatMap(({ path, note }) => (note ? [`${path} ${note}`] : [])),
      ...findRemarks(areas, runtime?.configuration),
    ],
  };
}

/**
 * Takes out what {@link injectProject} put in, whatever the manifests say by now; every file is byte for byte
 * what it was.
 *
 * @param projectDir - the folder that was injected
 * @throws InjectError when a file cannot be written
 */
export function removeInjection(projectDir: string, { dryRun = false } = {}): RemoveResult {
  const notes = openProject(projectDir);
  const changes = planRemoval(openFolder(projectDir), walkFiles(projectDir));
  if (!dryRun) writeChanges(projectDir, changes);
  return {
    status: changes.length ? 'removed' : 'absent',
    changed: pathsOf(changes.filter(({ after }) => after !== undefined)),
    deleted: pathsOf(changes.filter(({ after }) => after === undefined)),
    notes,
  };
}

function openProject(projectDir: string): string[] {
  requireFolder(projectDir);
  const former = recover(projectDir);
  return former ? [`A run that was stopped has been ${former}.`] : [];
}

/** The runtime with the configuration that applies to a folder. */
export function openConfigured(projectDir: string, { config, packageRoot }: InjectOptions): Runtime {
  if (typeof config === 'object') return openRuntime(config, packageRoot);
  const found = config === undefined ? configurationOf(projectDir) : readConfiguration(config);
  return openRuntime(found, packageRoot);
}

/** @returns whether something differed from what it has to be */
function write(projectDir: string, changes: FileChange[], { out, dryRun, check }: InjectOptions): boolean {
  if (dryRun || check) return changes.length > 0;
  if (out !== undefined) return copyOut(projectDir, out, changes);
  writeChanges(projectDir, changes);
  return changes.length > 0;
}

function pathsOf(changes: FileChange[]): string[] {
  return changes.map(({ path }) => path);
}
