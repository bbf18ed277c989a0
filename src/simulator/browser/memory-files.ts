import type { ModuleFiles } from '../modules/modules';

/** Files that are given as texts, by absolute path: the counterpart of node/files.ts. */
export function memoryFiles(texts: Record<string, string>): ModuleFiles {
  const files = new Map(Object.entries(texts).map(([path, text]) => [resolve(path), text]));
  return {
    read(file) {
      const text = files.get(file);
      if (text === undefined) throw new Error(`Failed to read ${file}: there is no such file.`);
      return text;
    },
    exists: (file) => files.has(file),
    isFolder: (path) => [...files.keys()].some((file) => file.startsWith(`${path}/`)),
    resolve,
    dirname: (file) => file.slice(0, file.lastIndexOf('/')) || '/',
    inside: (folder, file) => file.startsWith(folder === '/' ? '/' : `${folder}/`),
  };
}

function resolve(...parts: string[]): string {
  const path: string[] = [];
  const from = parts.reduce((before, part) => (part.startsWith('/') ? part : `${before}/${part}`), '');
  for (const part of from.split('/')) {
    if (part === '..') path.pop();
    else if (part !== '' && part !== '.') path.push(part);
  }
  return `/${path.join('/')}`;
}
