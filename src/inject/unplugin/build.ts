import { text } from '../../texts';
import { onlyChanged } from '../apply/file-change';
import type { FileChange } from '../apply/file-change';
import { planPackageRoot, planSites } from '../apply/plan';
import type { Runtime } from '../edits/prebuilt';
import { InjectError } from '../errors';
import type { InjectOptions } from '../inject-project';
import { openConfiguredRuntime } from '../inject-project';
import { openFolder } from '../project/files';
import type { ProjectFiles } from '../project/files';
import { openPackageRoot } from '../project/package-roots';
import type { PackageRoot } from '../project/package-roots';
import { findWarnings } from '../project/warnings';
import { findSites } from '../sites/find-sites';
import { moveSourceMap } from './source-map';

/** The files that a bundler is about to write. Paths are relative to its output folder, with `/`. */
export interface Build extends ProjectFiles {
  /** Replaces a file of the output or adds one, whole. */
  write(path: string, text: string): void;
  /** Shows a warning as the bundler shows its own. */
  warn(text: string): void;
}

export interface PluginOptions {
  /**
   * app.json or game.json, relative to the bundler's root, for builds that do not emit it.
   *
   * @default app.json, game.json, or one of them in src or public
   */
  manifest?: string;
  /** A configuration, or the path of its file. @default servicemarket.config.json at the bundler's root or above */
  config?: InjectOptions['config'];
}

const OPTIONS: Record<keyof PluginOptions, true> = { manifest: true, config: true };

const DEFAULT_MANIFESTS = ['', 'src/', 'public/'].flatMap((folder) => [
  `${folder}app.json`,
  `${folder}game.json`,
]);

/** @throws InjectError for an unknown option: a slip would otherwise go unseen */
export function checkOptions(options: PluginOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown === undefined) return;
  const known = Object.keys(OPTIONS).join(', ');
  throw new InjectError('unknownOption', { name: unknown, known });
}

/**
 * Puts the shim into a build, as `injectProject` puts it into a folder. Builds without a manifest (a second
 * compilation for an independent subpackage, for example) get it where their scripts need it.
 *
 * @param bundlerRoot - the bundler's root folder
 * @throws InjectError as `injectProject` does, and when the option `manifest` names no file
 */
export function injectBuild(build: Build, bundlerRoot: string, options: PluginOptions = {}): void {
  requireManifest(bundlerRoot, options.manifest);
  const emitted = findEmittedRoots(build);
  const roots = emitted.length ? emitted : readRootOnDisk(bundlerRoot, options.manifest);
  const enabled = roots.filter(({ isEnabled }) => isEnabled);
  const runtime = enabled.length ? openConfiguredRuntime(bundlerRoot, options) : undefined;
  // Of several builds of one project only one emits the manifest, or its main script.
  const isMain = emitted.length > 0 || roots.some((root) => hasMainScript(build, root));
  const warnings = findWarnings(roots, runtime?.configuration);
  if (isMain) for (const warning of warnings) build.warn(warning);
  if (!runtime) {
    if (isMain && !warnings.length) warnOfMissingKey(build, roots, options);
    return;
  }
  for (const root of enabled)
    for (const change of planBuild(build, root, runtime, isMain)) writeToBuild(build, change);
}

/** The plugins that have said so: a watching bundler builds again and again. */
const told = new WeakSet<PluginOptions>();

function warnOfMissingKey(build: Build, [root]: PackageRoot[], options: PluginOptions): void {
  if (told.has(options) || root.manifest.value.servicemarket !== undefined) return;
  told.add(options);
  build.warn(text('switchMissing', { manifest: root.manifest.path }));
}

function requireManifest(bundlerRoot: string, manifest: string | undefined): void {
  if (manifest === undefined || openFolder(bundlerRoot).has(manifest)) return;
  throw new InjectError('manifestOptionMissing', {}, { file: manifest });
}

function hasMainScript(build: Build, root: PackageRoot): boolean {
  return Boolean(findSites(build, root, [])[0]?.scripts.length);
}

function findEmittedRoots(build: Build): PackageRoot[] {
  const [host] = ['', 'miniprogram'].flatMap(
    (folder) => openPackageRoot(build, 'app', folder) ?? openPackageRoot(build, 'game', folder) ?? [],
  );
  const [plugin] = ['plugin', ''].flatMap((folder) => openPackageRoot(build, 'plugin', folder) ?? []);
  if (host?.isEnabled && plugin) plugin.isEnabled = true;
  return [host, plugin].filter((root) => root !== undefined);
}

/** For builds that do not emit the manifest: it is read where its author wrote it, and stands for one at the top. */
function readRootOnDisk(bundlerRoot: string, manifest: string | undefined): PackageRoot[] {
  const files = openFolder(bundlerRoot);
  for (const path of manifest === undefined ? DEFAULT_MANIFESTS : [manifest]) {
    const manifest = files.read(path);
    if (manifest === undefined) continue;
    const root = openPackageRoot({ has: () => true, read: () => manifest }, kindOf(path), '');
    return root ? [root] : [];
  }
  return [];
}

function kindOf(manifest: string): 'app' | 'game' {
  return manifest.endsWith('game.json') ? 'game' : 'app';
}

/** A build that is not the main one has neither the manifest nor the scripts of every site. */
function planBuild(build: Build, root: PackageRoot, runtime: Runtime, isMain: boolean): FileChange[] {
  const sites = findSites(build, root, runtime.plugins);
  if (isMain) return planPackageRoot(build, root, sites, runtime);
  const present = sites.filter(({ scripts }) => scripts.length);
  return onlyChanged(planSites(build, present, runtime));
}

function writeToBuild(build: Build, { path, before, after }: FileChange): void {
  if (after === undefined) return;
  build.write(path, before === undefined ? after : moveSourceMap(build, path, before, after));
}
