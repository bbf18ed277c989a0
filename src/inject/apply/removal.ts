import { posix } from 'node:path';
import { removeEntry } from '../edits/entry-key';
import { isCreatedScript, removeLoadStatement } from '../edits/load-statement';
import { isConnector } from '../edits/plugin-connector';
import { removeReExport } from '../edits/re-export';
import { CONNECTOR_FILE_NAME, readHead, RUNTIME_FILE_NAME } from '../edits/runtime-file';
import type { Folder } from '../project/files';
import type { PackageRoot } from '../project/package-roots';
import { joinPath } from '../project/paths';
import { listSubpackages } from '../project/subpackages';
import { scriptsOf } from '../sites/page-scripts';
import { onlyChanged } from './file-change';
import type { FileChange } from './file-change';
import { foreignTo } from './plan';
import { refuseReferences } from './references';

/** The beginning of the names of all injected files. */
const NAME_PREFIX = 'servicemarket-';

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
