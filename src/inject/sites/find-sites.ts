import type { Area } from '../project/package-roots';
import { ARTIFACT_NAME } from '../edits/runtime-file';
import { withComponents } from './page-scripts';
import { joinPath, normaliseRoot } from '../project/paths';
import type { Place } from './injection-site';
import { scriptsOf } from './injection-site';
import { connectorPlace } from './connector-place';
import { declaredPlugins } from './declared';
import type { ProjectFiles } from '../project/files';
import { independentPlace } from './independent-place';
import { subpackagesOf } from '../project/subpackages';

/**
 * @param listed - names of the configuration's `plugins`
 * @returns the places of an area: its own, one for each independent subpackage, which starts without it, and one
 *   for each other subpackage that declares plugins
 */
export function findPlaces(files: ProjectFiles, area: Area, listed: string[]): Place[] {
  if (area.kind === 'plugin') return pluginPlaces(files, area);
  const name = area.kind === 'app' ? 'app' : 'game';
  const scripts = scriptsOf(files, joinPath(area.root, name));
  const plugins = declaredPlugins(area.manifest.value, listed);
  const main: Place = {
    artifact: joinPath(area.root, ARTIFACT_NAME),
    content: { kind: 'host', plugins },
    scripts,
  };
  if (!scripts.length) main.created = joinPath(area.root, `${name}.js`);
  const rest = listed.filter((plugin) => !plugins.includes(plugin));
  return [
    main,
    ...subpackagesOf(area).flatMap((subpackage) =>
      subpackage.independent
        ? independentPlace(files, area, subpackage, listed)
        : connectorPlace(files, area, subpackage, rest),
    ),
  ];
}

/** A plugin's pages and components run before its `main`, which runs when the host first asks for it. */
function pluginPlaces(files: ProjectFiles, { root, manifest }: Area): Place[] {
  const { main, pages, publicComponents, usingComponents } = manifest.value;
  const named = [pages, publicComponents, usingComponents].flatMap((list) => Object.values(list ?? {}));
  const shown = named
    .filter((path) => typeof path === 'string' && !path.includes('://'))
    .map((path) => joinPath(root, normaliseRoot(path)));
  const reExports = typeof main === 'string' ? scriptsOf(files, joinPath(root, normaliseRoot(main))) : [];
  const others = withComponents(files, shown, root).flatMap((script) => scriptsOf(files, script));
  const scripts = [...new Set([...reExports, ...others])];
  if (!scripts.length) return [];
  return [{ artifact: joinPath(root, ARTIFACT_NAME), content: { kind: 'plugin' }, scripts, reExports }];
}
