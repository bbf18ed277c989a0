import { posix } from 'node:path';
import { InjectError } from '../errors';
import { addEntry } from '../edits/entry-key';
import {
  addLoadStatement,
  createdScriptText,
  removeLoadStatement,
  specifierOf,
} from '../edits/load-statement';
import { connectorText, isConnector } from '../edits/plugin-connector';
import type { Runtime } from '../edits/prebuilt';
import { addReExport } from '../edits/re-export';
import { describeDifference, hasSameLines, readHead } from '../edits/runtime-file';
import type { ProjectFiles } from '../project/files';
import type { PackageRoot } from '../project/package-roots';
import { joinPath } from '../project/paths';
import type { InjectionSite } from '../sites/injection-site';
import { onlyChanged } from './file-change';
import type { FileChange } from './file-change';

/**
 * Decides every file that injection writes for a package root; reads only the manifest, the injected files and the
 * scripts that load them.
 *
 * @returns the files that differ from what they have to be, in the order of their sites
 * @throws InjectError when a file of the owner has the name of an injected file
 */
export function planPackageRoot(
  files: ProjectFiles,
  { manifest }: PackageRoot,
  sites: InjectionSite[],
  runtime: Runtime,
): FileChange[] {
  const entries = sites.flatMap(({ entryOf }) => (entryOf ? [entryOf] : []));
  const after = addEntry(manifest, entries);
  const changes = planSites(files, sites, runtime);
  return onlyChanged([...changes, { path: manifest.path, before: manifest.text, after }]);
}

/** Decides the injected files and the scripts that load them. @returns all of them, changed or not */
export function planSites(files: ProjectFiles, sites: InjectionSite[], runtime: Runtime): FileChange[] {
  return sites.flatMap((site) => [planInjectedFile(files, site, runtime), ...planScripts(files, site)]);
}

function planInjectedFile(
  files: ProjectFiles,
  { file, content }: InjectionSite,
  runtime: Runtime,
): FileChange {
  const before = files.read(file);
  const isOurs = content.kind === 'connector' ? isConnector(before) : readHead(before ?? '');
  if (before !== undefined && !isOurs) {
    throw new InjectError('nameTaken', {}, { file });
  }
  const after = textOf(file, content, runtime);
  if (before !== undefined && after !== undefined && hasSameLines(before, after))
    return { path: file, before, after: before };
  return { path: file, before, after, note: describeDifference(before, after) };
}

/** @returns whether a script loads, under the name of an injected file, a file of its owner */
export function foreignTo(files: ProjectFiles, script: string): (specifier: string) => boolean {
  return (specifier) => {
    const text = files.read(joinPath(posix.dirname(script), specifier));
    return text !== undefined && !readHead(text) && !isConnector(text);
  };
}

/** @returns undefined where the file has to go */
function textOf(file: string, content: InjectionSite['content'], runtime: Runtime): string | undefined {
  if (content.kind === 'host') return runtime.forHost(content.plugins);
  if (content.kind === 'plugin') return runtime.forPlugin();
  if (!content.plugins.length) return undefined;
  return connectorText(specifierOf(file, content.runtimeFile), content.plugins);
}

/** The scripts that load an injected file, the created one first. */
function planScripts(files: ProjectFiles, site: InjectionSite): FileChange[] {
  const { file, content, scripts, createdScript, reExports = [] } = site;
  const isGone = content.kind === 'connector' && !content.plugins.length;
  const changes = scripts.map((path): FileChange => {
    const before = files.read(path) ?? '';
    const isForeign = foreignTo(files, path);
    if (isGone) return { path, before, after: removeLoadStatement(before, isForeign) };
    const specifier = specifierOf(path, file);
    const loading = addLoadStatement(before, specifier, path, isForeign);
    return { path, before, after: reExports.includes(path) ? addReExport(loading, specifier) : loading };
  });
  if (!createdScript) return changes;
  const after = createdScriptText(specifierOf(createdScript, file));
  return [{ path: createdScript, before: undefined, after }, ...changes];
}
