import { posix } from 'node:path';
import { ARTIFACT_NAME, CONNECTOR_NAME, readArtifact } from '../edits/runtime-file';
import { removeEntry } from '../edits/entry-key';
import type { FileChange } from './plan';
import { isConnector } from '../edits/plugin-connector';
import { removeReExport } from '../edits/re-export';
import type { Folder } from '../project/files';
import { refuseReferences } from './references';
import { isCreatedScript, removeStatement } from '../edits/load-statement';

/** What the names of all injected files begin with. */
const MENTION = 'servicemarket-';

/**
 * Decides every file that removal writes. It looks for the copies and statements themselves, so it also finds
 * those of places that the project no longer has, and needs no manifest that can be read.
 *
 * @param paths - every file of the project
 * @throws InjectError when a file would still name a copy that goes
 */
export function planRemoval(folder: Folder, paths: Iterable<string>): FileChange[] {
  const restored = restoreAll(folder, paths);
  refuseReferences(restored);
  return restored.filter(({ before, after }) => after !== before);
}

/** @returns those of the files that hold something of ours */
export function findInjected(folder: Folder, paths: string[]): string[] {
  const there = paths.filter((path) => folder.has(path));
  return restoreAll(folder, there).flatMap(({ path, before, after }) => (after === before ? [] : [path]));
}

/** Every file that has one of our names in it, as it is without what is ours. */
function restoreAll(folder: Folder, paths: Iterable<string>): FileChange[] {
  const restored: FileChange[] = [];
  for (const path of paths) {
    const name = posix.basename(path);
    if (!/\.[jt]s$|^(?:app|game)\.json$/.test(name)) continue;
    if (!folder.mentions(path, name === ARTIFACT_NAME ? 'miniprogram-servicemarket' : MENTION)) continue;
    const before = folder.read(path) ?? '';
    restored.push({ path, before, after: restore(name, before) });
  }
  return restored;
}

function restore(name: string, text: string): string | undefined {
  if (name.endsWith('.json')) return removeEntry(text);
  if (name === ARTIFACT_NAME) return readArtifact(text) ? undefined : text;
  if (name === CONNECTOR_NAME && isConnector(text)) return undefined;
  return isCreatedScript(text) ? undefined : removeReExport(removeStatement(text));
}
