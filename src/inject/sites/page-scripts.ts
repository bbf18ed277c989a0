import { posix } from 'node:path';
import { parseJsonFile } from '../project/json-file';
import { joinPath } from '../project/paths';
import type { ProjectFiles } from '../project/files';

/**
 * Follows `usingComponents` from pages or components, so that only the files of what is used are read.
 *
 * @param starts - paths without extension, relative to the project
 * @param root - the folder that a path with a leading slash starts from
 * @returns the starts, then every component that they reach, without extension
 */
export function withComponents(files: ProjectFiles, starts: string[], root: string): string[] {
  const found = new Set(starts);
  for (const path of found) {
    const text = files.read(`${path}.json`);
    if (text === undefined) continue;
    const { usingComponents } = parseJsonFile(`${path}.json`, text).value;
    for (const target of Object.values(usingComponents ?? {})) {
      const component = typeof target === 'string' ? resolveComponent(path, target, root) : undefined;
      if (component === undefined) continue;
      found.add(files.has(`${component}.json`) ? component : joinPath(component, 'index'));
    }
  }
  return [...found];
}

/** `plugin://` and other schemes belong to somebody else's package. */
function resolveComponent(from: string, target: string, root: string): string | undefined {
  if (target.includes('://')) return undefined;
  return target.startsWith('/') ? joinPath(root, target.slice(1)) : joinPath(posix.dirname(from), target);
}
