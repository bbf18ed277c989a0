/** Where a copy of the runtime goes, and which scripts load it. */
import { isConnector } from '../edits/plugin-connector';
import { CONNECTOR_FILE_NAME, RUNTIME_FILE_NAME } from '../edits/runtime-file';
import { InjectError } from '../errors';
import type { ProjectFiles } from '../project/files';
import type { PackageRoot } from '../project/package-roots';
import { joinPath, normaliseRoot } from '../project/paths';
import { filterDeclaredPlugins, listSubpackages } from '../project/subpackages';
import type { Subpackage } from '../project/subpackages';
import type { InjectionSite } from './injection-site';
import { followComponents, scriptsOf } from './page-scripts';

/**
 * Finds the injection sites of a package root: its own, one for each independent subpackage, which starts without
 * the main package, and one for each other subpackage that declares plugins.
 *
 * @param plugins - names of the plugins in servicemarket.config.json
 * @throws InjectError when an independent subpackage names an entry that is missing
 */
export function findSites(files: ProjectFiles, root: PackageRoot, plugins: string[]): InjectionSite[] {
  if (root.kind === 'plugin') return findPluginSites(files, root);
  const declared = filterDeclaredPlugins(root.manifest.value, plugins);
  const undeclared = plugins.filter((name) => !declared.includes(name));
  return [
    mainSite(files, root, declared),
    ...listSubpackages(root).flatMap((subpackage) =>
      subpackage.isIndependent
        ? findIndependentSites(files, root, subpackage, plugins)
        : findConnectorSites(files, root, subpackage, undeclared),
    ),
  ];
}

/** The copy of a mini-program or a game, loaded by its entry file. */
function mainSite(files: ProjectFiles, { kind, folder }: PackageRoot, plugins: string[]): InjectionSite {
  const file = joinPath(folder, RUNTIME_FILE_NAME);
  const scripts = scriptsOf(files, joinPath(folder, kind));
  const createdScript = scripts.length ? undefined : joinPath(folder, `${kind}.js`);
  return { file, content: { kind: 'host', plugins }, scripts, createdScript };
}

/** The copy of a plugin. Its pages and components run before `main`, which runs when the host first asks for it. */
function findPluginSites(files: ProjectFiles, { folder, manifest }: PackageRoot): InjectionSite[] {
  const { main, pages, publicComponents, usingComponents } = manifest.value;
  const named = [pages, publicComponents, usingComponents].flatMap((list) => Object.values(list ?? {}));
  const shown = named
    .filter((path) => typeof path === 'string' && !path.includes('://'))
    .map((path) => joinPath(folder, normaliseRoot(path)));
  const reExports = typeof main === 'string' ? scriptsOf(files, joinPath(folder, normaliseRoot(main))) : [];
  const others = followComponents(files, shown, folder).flatMap((path) => scriptsOf(files, path));
  const scripts = [...new Set([...reExports, ...others])];
  if (!scripts.length) return [];
  return [{ file: joinPath(folder, RUNTIME_FILE_NAME), content: { kind: 'plugin' }, scripts, reExports }];
}

/**
 * The copy of an independent subpackage. It connects the plugins that the subpackage declares: those of the main
 * package are not there when the subpackage is entered first.
 */
function findIndependentSites(
  files: ProjectFiles,
  root: PackageRoot,
  subpackage: Subpackage,
  plugins: string[],
): InjectionSite[] {
  const file = joinPath(subpackage.folder, RUNTIME_FILE_NAME);
  const content = { kind: 'host', plugins: filterDeclaredPlugins(subpackage.value, plugins) } as const;
  if (root.kind === 'app')
    return [{ file, content, ...findIndependentLoaders(files, root, subpackage, file) }];
  // A game's subpackage that is a single script cannot hold a copy; base libraries that know it have the native API.
  const scripts = scriptsOf(files, joinPath(subpackage.folder, 'game'));
  return scripts.length ? [{ file, content, scripts }] : [];
}

/**
 * `entry` runs first wherever the subpackage is entered, but DevTools before 1.06.2406242 does not know it:
 * there the pages and their components load the copy themselves.
 */
function findIndependentLoaders(
  files: ProjectFiles,
  root: PackageRoot,
  { path, value, folder, pages }: Subpackage,
  runtimeFile: string,
): Pick<InjectionSite, 'scripts' | 'entryOf'> {
  const scripts = followComponents(files, pages, root.folder)
    .filter((script) => script.startsWith(`${folder}/`))
    .flatMap((script) => scriptsOf(files, script));
  const entry = typeof value.entry === 'string' ? joinPath(folder, normaliseRoot(value.entry)) : undefined;
  if (!entry || entry === runtimeFile) return { scripts, entryOf: path };
  const entryScripts = scriptsOf(files, entry);
  if (!entryScripts.length) {
    const location = root.manifest.locate([...path, 'entry']);
    throw new InjectError('entryMissing', { path: entry }, location);
  }
  return { scripts: [...new Set([...entryScripts, ...scripts])] };
}

/**
 * The file that connects the plugins of a subpackage, loaded by whatever of the subpackage can run first. One that
 * a former configuration left is a site too: it has to go.
 *
 * @param plugins - names of configured plugins that the main package does not declare
 */
function findConnectorSites(
  files: ProjectFiles,
  root: PackageRoot,
  { value, folder, pages }: Subpackage,
  plugins: string[],
): InjectionSite[] {
  const declared = filterDeclaredPlugins(value, plugins);
  const file = joinPath(folder, CONNECTOR_FILE_NAME);
  if (!declared.length && !isConnector(files.read(file))) return [];
  const entry = typeof value.entry === 'string' ? [joinPath(folder, normaliseRoot(value.entry))] : [];
  const loaders = root.kind === 'game' ? [joinPath(folder, 'game')] : [...entry, ...pages];
  const scripts = [...new Set(loaders.flatMap((path) => scriptsOf(files, path)))];
  const runtimeFile = joinPath(root.folder, RUNTIME_FILE_NAME);
  const content = { kind: 'connector', plugins: declared, runtimeFile } as const;
  return scripts.length ? [{ file, content, scripts }] : [];
}
