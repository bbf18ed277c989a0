import { posix } from 'node:path';
import type { Area } from './areas';
import { ARTIFACT_NAME } from './artifact';
import { withComponents } from './components';
import { InjectError } from './errors';
import { joinPath, normaliseRoot } from './paths';
import type { ProjectFiles } from './project-files';

/** One copy of the runtime and the scripts that load it. Paths are relative to the project. */
export interface Place {
  artifact: string;
  scripts: string[];
  /** A script to be created, where the area has no entry file. */
  created?: string;
  /** The subpackage of the manifest whose `entry` has to name the copy. */
  entryOf?: [key: string, index: number];
}

/** @returns the places of an area: its own, and one for each independent subpackage, which starts without it */
export function findPlaces(files: ProjectFiles, area: Area): Place[] {
  if (area.kind === 'plugin') return pluginPlaces(files, area);
  const name = area.kind === 'app' ? 'app' : 'game';
  const scripts = scriptsOf(files, joinPath(area.root, name));
  const main: Place = { artifact: joinPath(area.root, ARTIFACT_NAME), scripts };
  if (!scripts.length) main.created = joinPath(area.root, `${name}.js`);
  const place = area.kind === 'app' ? appSubpackage : gameSubpackage;
  return [main, ...independents(area).flatMap((subpackage) => place(files, area, subpackage))];
}

interface Subpackage {
  at: [key: string, index: number];
  value: Record<string, unknown>;
  root: string;
}

function independents(area: Area): Subpackage[] {
  return ['subpackages', 'subPackages'].flatMap((key) => {
    const list = area.manifest.value[key];
    return (Array.isArray(list) ? list : [])
      .map((value, index): Subpackage => ({
        at: [key, index],
        value,
        root: joinPath(area.root, normaliseRoot(value?.root)),
      }))
      .filter(({ value, root }) => value?.independent === true && root !== area.root);
  });
}

/**
 * `entry` runs first wherever the subpackage is entered, but DevTools before 1.06.2406242 does not know it:
 * there the pages and their components load the copy themselves.
 */
function appSubpackage(files: ProjectFiles, area: Area, { at, value, root }: Subpackage): Place {
  const pages = Array.isArray(value.pages) ? value.pages.filter((page) => typeof page === 'string') : [];
  const scripts = withComponents(
    files,
    pages.map((page) => joinPath(root, page)),
    area.root,
  )
    .filter((script) => script.startsWith(`${root}/`))
    .flatMap((script) => scriptsOf(files, script));
  const place: Place = { artifact: joinPath(root, ARTIFACT_NAME), scripts };
  const entry = typeof value.entry === 'string' ? joinPath(root, normaliseRoot(value.entry)) : undefined;
  if (!entry || entry === place.artifact) return { ...place, entryOf: at };
  const own = scriptsOf(files, entry);
  if (!own.length) {
    const where = area.manifest.place([...at, 'entry']);
    throw new InjectError('inject', `${entry} is missing`, 'Create it or correct "entry"', where);
  }
  return { ...place, scripts: [...new Set([...own, ...scripts])] };
}

/** A subpackage that is a single script cannot hold a copy; base libraries that know it have the native API. */
function gameSubpackage(files: ProjectFiles, _area: Area, { root }: Subpackage): Place[] {
  const scripts = scriptsOf(files, joinPath(root, 'game'));
  return scripts.length ? [{ artifact: joinPath(root, ARTIFACT_NAME), scripts }] : [];
}

/** A plugin's pages and components run before its `main`, which runs when the host first asks for it. */
function pluginPlaces(files: ProjectFiles, { root, manifest }: Area): Place[] {
  const { main, pages, publicComponents, usingComponents } = manifest.value;
  const named = [pages, publicComponents, usingComponents].flatMap((list) => Object.values(list ?? {}));
  const shown = named
    .filter((path) => typeof path === 'string' && !path.includes('://'))
    .map((path) => joinPath(root, normaliseRoot(path)));
  const first = typeof main === 'string' ? [joinPath(root, normaliseRoot(main))] : [];
  const scripts = [...first, ...withComponents(files, shown, root)].flatMap((script) =>
    scriptsOf(files, script),
  );
  return scripts.length ? [{ artifact: joinPath(root, ARTIFACT_NAME), scripts: [...new Set(scripts)] }] : [];
}

/** The JavaScript and the TypeScript of a name with or without its extension: which of them runs is the build's choice. */
function scriptsOf(files: ProjectFiles, path: string): string[] {
  const base = path.replace(/\.[jt]s$/, '');
  return [`${base}.js`, `${base}.ts`].filter(
    (script) => posix.basename(script) !== ARTIFACT_NAME && files.has(script),
  );
}
