import { posix } from 'node:path';
import { RUNTIME_FILE_NAME } from '../edits/runtime-file';
import type { ProjectFiles } from '../project/files';
import { parseJsonFile } from '../project/json-file';
import { joinPath } from '../project/paths';

/** @returns the JavaScript and the TypeScript of a name with or without extension: the build chooses which one runs */
export function scriptsOf(files: ProjectFiles, path: string): string[] {
  const base = path.replace(/\.[jt]s$/, '');
  return [`${base}.js`, `${base}.ts`].filter(
    (script) => posix.basename(script) !== RUNTIME_FILE_NAME && files.has(script),
  );
}

/**
 * Follows `usingComponents` from pages or components, so that only the files of used components are read.
 *
 * @param starts - paths without extension, relative to the project
 * @param root - the folder that a path with a leading slash starts from
 * @returns the starts, then every component that they reach, without extension
 */
export function followComponents(files: ProjectFiles, starts: string[], root: string): string[] {
  const found = new Set(starts);
  // A set may grow while it is iterated: components of components are visited too, each once.
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

/** @returns undefined for `plugin://` and other schemes: those components belong to another package */
function resolveComponent(from: string, target: string, root: string): string | undefined {
  if (target.includes('://')) return undefined;
  return target.startsWith('/') ? joinPath(root, target.slice(1)) : joinPath(posix.dirname(from), target);
}
