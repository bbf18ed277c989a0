import type { Area } from '../project/package-roots';
import { openArea } from '../project/package-roots';
import { InjectError } from '../errors';
import type { InjectOptions } from '../inject-project';
import { openConfigured } from '../inject-project';
import { findPlaces } from '../sites/find-sites';
import { planManifest, planPlaces } from '../apply/plan';
import type { FileChange } from '../apply/plan';
import { openFolder } from '../project/files';
import type { ProjectFiles } from '../project/files';
import { findRemarks } from '../project/warnings';
import type { Runtime } from '../edits/prebuilt';
import { moveSourceMap } from './source-map';

/** What a bundler is about to write. Paths are relative to its output folder, with `/`. */
export interface Build extends ProjectFiles {
  /** Replaces a file or adds one, whole, to what is written. */
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

/** @throws InjectError for an option that there is not: a slip would go unseen */
export function checkOptions(options: PluginOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown === undefined) return;
  const known = Object.keys(OPTIONS).join(', ');
  throw new InjectError('make the plugin', `there is no option "${unknown}"`, `Known are ${known}`);
}

/**
 * Puts the shim into a build, as `injectProject` puts it into a folder. Builds without a manifest (a second
 * compilation for an independent subpackage, for example) get it where their scripts need it.
 *
 * @param root - the bundler's root folder
 * @throws InjectError as `injectProject` does, and when the option `manifest` names no file
 */
export function injectBuild(build: Build, root: string, options: PluginOptions = {}): void {
  requireManifest(root, options.manifest);
  const emitted = emittedAreas(build);
  const areas = emitted.length ? emitted : areaOnDisk(root, options.manifest);
  const runtime = areas.some((area) => area.on) ? openConfigured(root, options) : undefined;
  // Of several builds of one project only one emits the manifest, or its main script.
  const isMain = emitted.length > 0 || areas.some((area) => hasMain(build, area));
  if (isMain) for (const remark of findRemarks(areas, runtime?.configuration)) build.warn(remark);
  if (!runtime) return;
  for (const area of areas.filter(({ on }) => on)) {
    for (const change of planArea(build, area, runtime, isMain)) apply(build, change);
  }
}

function requireManifest(root: string, manifest: string | undefined): void {
  if (manifest === undefined || openFolder(root).has(manifest)) return;
  const fix = "Name app.json or game.json, relative to the bundler's root";
  throw new InjectError('inject', 'the option "manifest" names no file', fix, { file: manifest });
}

function hasMain(build: Build, area: Area): boolean {
  return Boolean(findPlaces(build, area, [])[0]?.scripts.length);
}

function emittedAreas(build: Build): Area[] {
  const host = ['', 'miniprogram'].flatMap(
    (root) => openArea(build, 'app', root) ?? openArea(build, 'game', root) ?? [],
  );
  const plugin = ['plugin', ''].flatMap((root) => openArea(build, 'plugin', root) ?? []);
  const areas = [...host.slice(0, 1), ...plugin.slice(0, 1)];
  if (host[0]?.on && plugin[0]) plugin[0].on = true;
  return areas;
}

function areaOnDisk(root: string, manifest: string | undefined): Area[] {
  const files = openFolder(root);
  for (const path of manifest === undefined ? DEFAULT_MANIFESTS : [manifest]) {
    const text = files.read(path);
    if (text === undefined) continue;
    const kind = path.endsWith('game.json') ? 'game' : 'app';
    const name = `${kind}.json`;
    return [openArea({ has: () => true, read: () => text }, kind, '')].flatMap((area) =>
      area ? [{ ...area, manifest: { ...area.manifest, path: name } }] : [],
    );
  }
  return [];
}

function planArea(build: Build, area: Area, runtime: Runtime, isMain: boolean): FileChange[] {
  const places = findPlaces(build, area, runtime.plugins);
  if (!isMain)
    return changed(
      planPlaces(
        build,
        places.filter(({ scripts }) => scripts.length),
        runtime,
      ),
    );
  return changed([...planPlaces(build, places, runtime), planManifest(area, places)]);
}

function changed(changes: FileChange[]): FileChange[] {
  return changes.filter(({ before, after }) => before !== after);
}

function apply(build: Build, { path, before, after }: FileChange): void {
  if (after === undefined) return;
  build.write(path, before === undefined ? after : moveSourceMap(build, path, before, after));
}
