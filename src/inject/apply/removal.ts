import { posix } from 'node:path';
import { removeEntry } from '../edits/entry-key';
import { isCreatedScript, removeLoadStatement } from '../edits/load-statement';
import { isConnector } from '../edits/plugin-connector';
import { removeReExport } from '../edits/re-export';
import { codeTokensFrom, stringOf } from '../edits/tokens';
import type { CodeToken } from '../edits/tokens';
import { InjectError, locationAt } from '../errors';
import { CONNECTOR_FILE_NAME, readHead, RUNTIME_FILE_NAME } from '../edits/runtime-file';
import type { Folder } from '../project/files';
import type { PackageRoot } from '../project/package-roots';
import { joinPath } from '../project/paths';
import { listSubpackages } from '../project/subpackages';
import { scriptsOf } from '../sites/page-scripts';
import { onlyChanged } from './file-change';
import type { FileChange } from './file-change';
import { foreignTo } from './plan';

/** The beginning of the names of all injected files. */
const NAME_PREFIX = 'servicemarket-';
const NAME = 'servicemarket-(?:compat|plugins)';
const SPECIFIER = new RegExp(`^(\\.{1,2}/.*${NAME})(?:\\.js)?$`);
const IN_MANIFEST = new RegExp(`"entry"\\s*:\\s*"[./]*${NAME}(?:\\.js)?"`);

/**
 * Decides every file that removal writes. It looks for the injected files and statements themselves, so it also
 * finds those at sites that the project no longer has, and needs no manifest that can be read.
 *
 * @param paths - every file of the project
 * @throws InjectError when a file would still name an injected file that goes
 */
export function planRemoval(folder: Folder, paths: Iterable<string>): FileChange[] {
  const restored = restoreAll(folder, paths);
  refuseReferences(restored);
  return onlyChanged(restored);
}

/**
 * Looks for the shim where injection puts it first, without a walk through the project.
 *
 * @returns files that have the shim from a former run although their package root is not enabled
 */
export function findLeftovers(folder: Folder, roots: PackageRoot[]): string[] {
  const disabled = roots.filter(({ isEnabled }) => !isEnabled);
  const candidates = disabled.flatMap((root) => listCandidates(folder, root));
  const restored = restoreAll(
    folder,
    candidates.filter((path) => folder.has(path)),
  );
  return onlyChanged(restored).map(({ path }) => path);
}

function listCandidates(files: Folder, root: PackageRoot): string[] {
  const runtimeFile = joinPath(root.folder, RUNTIME_FILE_NAME);
  if (root.kind === 'plugin') return [runtimeFile];
  const inSubpackages = listSubpackages(root).flatMap(({ folder }) =>
    [RUNTIME_FILE_NAME, CONNECTOR_FILE_NAME].map((name) => joinPath(folder, name)),
  );
  return [runtimeFile, ...scriptsOf(files, joinPath(root.folder, root.kind)), ...inSubpackages];
}

/** Every file that contains one of our names, as it is without the shim. */
function restoreAll(folder: Folder, paths: Iterable<string>): FileChange[] {
  const restored: FileChange[] = [];
  for (const path of paths) {
    const name = posix.basename(path);
    if (!/\.[jt]s$|^(?:app|game)\.json$/.test(name)) continue;
    if (!folder.mentions(path, name === RUNTIME_FILE_NAME ? 'miniprogram-servicemarket' : NAME_PREFIX))
      continue;
    const before = folder.read(path) ?? '';
    restored.push({ path, before, after: restore(folder, path, before) });
  }
  return restored;
}

function restore(folder: Folder, path: string, text: string): string | undefined {
  const name = posix.basename(path);
  if (name.endsWith('.json')) return removeEntry(text);
  if (name === RUNTIME_FILE_NAME) return readHead(text) ? undefined : text;
  if (name === CONNECTOR_FILE_NAME && isConnector(text)) return undefined;
  if (isCreatedScript(text)) return undefined;
  return removeReExport(removeLoadStatement(text, foreignTo(folder, path)));
}

/**
 * Refuses a removal after which a file would name an injected file that is gone: an app that loads a missing file
 * does not start.
 *
 * @throws InjectError with the location of the first such name
 */
function refuseReferences(changes: FileChange[]): void {
  const gone = new Set(changes.flatMap(({ path, after }) => (after === undefined ? [path] : [])));
  if (!gone.size) return;
  for (const { path, after = '' } of changes) {
    const index = path.endsWith('.json') ? IN_MANIFEST.exec(after)?.index : findLoad(path, after, gone);
    if (index === undefined) continue;
    throw new InjectError('referenceLeft', {}, locationAt(path, after, index));
  }
}

/** @returns the offset of the first import or require of one of the files, or undefined */
function findLoad(path: string, text: string, gone: ReadonlySet<string>): number | undefined {
  let [first, second]: (CodeToken | undefined)[] = [];
  for (const token of codeTokensFrom(text)) {
    const [, specifier] = SPECIFIER.exec(stringOf(token) ?? '') ?? [];
    const keyword = second?.value === '(' ? first : second;
    const isLoaded = keyword && /^(?:from|import|require)$/.test(keyword.value);
    if (isLoaded && specifier && gone.has(`${posix.join(posix.dirname(path), specifier)}.js`))
      return keyword.start;
    [first, second] = [second, token];
  }
  return undefined;
}
