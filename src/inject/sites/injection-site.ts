import { posix } from 'node:path';
import { ARTIFACT_NAME } from '../edits/runtime-file';
import type { ProjectFiles } from '../project/files';

/** What an injected file holds. `plugins` are the names of those that it connects. */
export type Content =
  | { kind: 'host'; plugins: string[] }
  | { kind: 'plugin' }
  /** A subpackage's plugins, connected by the copy at `copy`; without any, the file is to go. */
  | { kind: 'connector'; plugins: string[]; copy: string };

/** One injected file and the scripts that load it. Paths are relative to the project. */
export interface Place {
  artifact: string;
  content: Content;
  scripts: string[];
  /** Those of the scripts that have to export `connectServiceMarket`: a plugin's main. */
  reExports?: string[];
  /** A script to be created, where the area has no entry file. */
  created?: string;
  /** The subpackage of the manifest whose `entry` has to name the copy. */
  entryOf?: [key: string, index: number];
}

/** The JavaScript and the TypeScript of a name with or without its extension: which of them runs is the build's choice. */
export function scriptsOf(files: ProjectFiles, path: string): string[] {
  const base = path.replace(/\.[jt]s$/, '');
  return [`${base}.js`, `${base}.ts`].filter(
    (script) => posix.basename(script) !== ARTIFACT_NAME && files.has(script),
  );
}
