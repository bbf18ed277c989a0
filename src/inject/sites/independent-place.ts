import type { Area } from '../project/package-roots';
import { ARTIFACT_NAME } from '../edits/runtime-file';
import { withComponents } from './page-scripts';
import { InjectError } from '../errors';
import { joinPath, normaliseRoot } from '../project/paths';
import type { Place } from './injection-site';
import { scriptsOf } from './injection-site';
import { declaredPlugins } from './declared';
import type { ProjectFiles } from '../project/files';
import type { Subpackage } from '../project/subpackages';

/**
 * The copy of an independent subpackage. It connects the subpackage's own plugins, which alone are there when it
 * is entered first.
 *
 * @param listed - names of the configuration's `plugins`
 */
export function independentPlace(
  files: ProjectFiles,
  area: Area,
  subpackage: Subpackage,
  listed: string[],
): Place[] {
  const place: Place = {
    artifact: joinPath(subpackage.root, ARTIFACT_NAME),
    content: { kind: 'host', plugins: declaredPlugins(subpackage.value, listed) },
    scripts: [],
  };
  if (area.kind === 'app') return [{ ...place, ...appLoaders(files, area, subpackage, place.artifact) }];
  // A subpackage that is a single script cannot hold a copy; base libraries that know it have the native API.
  const scripts = scriptsOf(files, joinPath(subpackage.root, 'game'));
  return scripts.length ? [{ ...place, scripts }] : [];
}

/**
 * `entry` runs first wherever the subpackage is entered, but DevTools before 1.06.2406242 does not know it:
 * there the pages and their components load the copy themselves.
 */
function appLoaders(
  files: ProjectFiles,
  area: Area,
  { at, value, root, pages }: Subpackage,
  artifact: string,
): Pick<Place, 'scripts' | 'entryOf'> {
  const scripts = withComponents(files, pages, area.root)
    .filter((script) => script.startsWith(`${root}/`))
    .flatMap((script) => scriptsOf(files, script));
  const entry = typeof value.entry === 'string' ? joinPath(root, normaliseRoot(value.entry)) : undefined;
  if (!entry || entry === artifact) return { scripts, entryOf: at };
  const own = scriptsOf(files, entry);
  if (!own.length) {
    const where = area.manifest.place([...at, 'entry']);
    throw new InjectError('inject', `${entry} is missing`, 'Create it or correct "entry"', where);
  }
  return { scripts: [...new Set([...own, ...scripts])] };
}
