import { text } from '../texts';
import { groupPaths } from './apply/file-change';
import type { FileChange } from './apply/file-change';
import { recover } from './apply/journal';
import { planPackageRoot } from './apply/plan';
import { writeProjectCopy } from './apply/project-copy';
import { findLeftovers, planRemoval } from './apply/removal';
import { writeChanges } from './apply/write';
import { openRuntime } from './edits/prebuilt';
import type { Runtime } from './edits/prebuilt';
import { configurationOf, readConfiguration } from './project/configuration';
import type { ProjectConfiguration } from './project/configuration';
import { openFolder, requireFolder } from './project/files';
import type { Folder } from './project/files';
import { findPackageRoots } from './project/package-roots';
import type { PackageRoot } from './project/package-roots';
import { walkFiles } from './project/walk';
import { findWarnings } from './project/warnings';
import { findSites } from './sites/find-sites';
import type { InjectionSite } from './sites/injection-site';

export interface InjectOptions {
  /** Folder that gets a copy of the project with the shim in it; the project itself stays as it is. */
  out?: string;
  /** Returns the result and writes nothing. */
  dryRun?: boolean;
  /** Writes nothing; the status is `stale` where injection would change a file. */
  check?: boolean;
  /** A configuration, or the path of its file, instead of the project's servicemarket.config.json. */
  config?: ProjectConfiguration | string;
  /** Folder of this package, where the built runtime is; found by default. */
  packageDir?: string;
}

/** A remark on the project or, with `path`, on a file: then `text` continues the file's name. */
export interface Note {
  /** Relative to the project. */
  path?: string;
  text: string;
}

export interface InjectResult {
  /**
   * `injected`: files were written, or would be; `current`: nothing to do; `missing`: a check found no injected file;
   * `stale`: a check found files that injection would change; `off`: no manifest has `"servicemarket": true`.
   */
  status: 'injected' | 'current' | 'missing' | 'stale' | 'off';
  /** Files that were there before, relative to the project. */
  changed: string[];
  created: string[];
  /** Files that have the shim from a former run although no manifest asks for it; absent without any. */
  left?: string[];
  /** Stale or edited copies, a former run that was killed, likely slips in manifests and configuration. */
  notes: Note[];
}

export interface RemoveResult {
  /** `absent`: there was no shim. */
  status: 'removed' | 'absent';
  /** Files that are as they were before injection, relative to the project. */
  changed: string[];
  deleted: string[];
  notes: Note[];
}

/**
 * Puts the built runtime into a mini-program, game or plugin whose manifest has `"servicemarket": true`.
 * Writes every file or none; a second run changes nothing.
 *
 * @param projectDir - the folder with project.config.json, or with app.json / game.json / plugin.json
 * @throws InjectError with the file, the location of the fault, and the fix
 */
export function injectProject(projectDir: string, options: InjectOptions = {}): InjectResult {
  // A run that was killed is finished or undone first: until then files may be half of the one, half of the other.
  const notes = endFormerRun(projectDir);
  // Find what has to change, without changing anything.
  const { folder, roots, runtime, sites, changes } = planProject(projectDir, options);
  const found = hasInjectedFile(folder, sites) ? 'stale' : 'missing';
  // Write all of it or nothing, to the project or to a copy.
  const hasWork = write(projectDir, changes, options);
  // What is not asked for any more is only reported: `removeInjection` takes it out.
  const left = findLeftovers(folder, roots);
  const done = hasWork ? changes : [];
  const status = options.check ? found : 'injected';
  const { created, changed, deleted } = groupPaths(done);
  return {
    status: !runtime ? 'off' : hasWork ? status : 'current',
    changed: [...changed, ...deleted],
    created,
    ...(left.length ? { left } : {}),
    notes: [
      ...notes,
      ...done.flatMap(({ path, note }) => (note === undefined ? [] : [{ path, text: note }])),
      ...findWarnings(roots, runtime?.configuration).map((warning) => ({ text: warning })),
    ],
  };
}

/** What injection would do to a project. */
export interface ProjectPlan {
  folder: Folder;
  roots: PackageRoot[];
  /** Absent where no manifest asks for the shim: then the configuration is not read. */
  runtime?: Runtime;
  /** The sites of the enabled roots. */
  sites: Map<PackageRoot, InjectionSite[]>;
  changes: FileChange[];
}

/**
 * Finds every file that injection would change; writes nothing.
 *
 * @throws InjectError as {@link injectProject}
 */
export function planProject(projectDir: string, options: InjectOptions = {}): ProjectPlan {
  const folder = openFolder(projectDir);
  // What does the project pack, and which of its manifests ask for the shim?
  const roots = findPackageRoots(folder);
  const enabled = roots.filter(({ isEnabled }) => isEnabled);
  const sites = new Map<PackageRoot, InjectionSite[]>();
  if (!enabled.length) return { folder, roots, sites, changes: [] };
  // Which prebuilt runtime holds the configured channels?
  const runtime = openConfiguredRuntime(projectDir, options);
  // Where does a copy go, and which scripts load it?
  for (const root of enabled) sites.set(root, findSites(folder, root, runtime.plugins));
  // Which text must each of these files have?
  const changes = [...sites].flatMap(([root, found]) => planPackageRoot(folder, root, found, runtime));
  return { folder, roots, runtime, sites, changes };
}

/**
 * Takes out what {@link injectProject} put in, whether the manifests still ask for it or not; every file is byte for
 * byte what it was.
 *
 * @param projectDir - the folder that was injected
 * @throws InjectError when a file cannot be written
 */
export function removeInjection(projectDir: string, { dryRun = false } = {}): RemoveResult {
  const notes = endFormerRun(projectDir);
  const changes = planRemoval(openFolder(projectDir), walkFiles(projectDir));
  if (!dryRun) writeChanges(projectDir, changes);
  const { changed, deleted } = groupPaths(changes);
  return { status: changes.length ? 'removed' : 'absent', changed, deleted, notes };
}

/** @returns whether a file is there at any of the sites */
export function hasInjectedFile(folder: Folder, sites: ProjectPlan['sites']): boolean {
  return [...sites.values()].flat().some(({ file }) => folder.has(file));
}

/** Ends a run that was killed. @throws InjectError when there is no such folder */
export function endFormerRun(projectDir: string): Note[] {
  requireFolder(projectDir);
  const former = recover(projectDir);
  if (!former) return [];
  return [{ text: text(former === 'finished' ? 'formerFinished' : 'formerUndone') }];
}

/** @returns the runtime with the configuration that applies to a folder */
export function openConfiguredRuntime(
  projectDir: string,
  { config, packageDir }: Pick<InjectOptions, 'config' | 'packageDir'>,
): Runtime {
  if (typeof config === 'object') return openRuntime(config, packageDir);
  const found = config === undefined ? configurationOf(projectDir) : readConfiguration(config);
  return openRuntime(found, packageDir);
}

/** @returns whether a file had to change */
function write(projectDir: string, changes: FileChange[], { out, dryRun, check }: InjectOptions): boolean {
  if (dryRun || check) return changes.length > 0;
  if (out !== undefined) return writeProjectCopy(projectDir, out, changes);
  writeChanges(projectDir, changes);
  return changes.length > 0;
}
