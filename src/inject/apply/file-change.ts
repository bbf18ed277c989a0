/** One file as it is and as it has to be; undefined means that there is none. */
export interface FileChange {
  /** Relative to the project, with `/`. */
  path: string;
  before: string | undefined;
  after: string | undefined;
  /** How a runtime file that is there differs, continuing the file's name. */
  note?: string;
}

/** @returns the changes without those that change nothing */
export function onlyChanged(changes: FileChange[]): FileChange[] {
  return changes.filter(({ before, after }) => before !== after);
}

/** @returns the paths of changes by what happens to the file */
export function groupPaths(changes: FileChange[]): Record<'created' | 'changed' | 'deleted', string[]> {
  const groups = { created: [] as string[], changed: [] as string[], deleted: [] as string[] };
  for (const { path, before, after } of changes)
    groups[before === undefined ? 'created' : after === undefined ? 'deleted' : 'changed'].push(path);
  return groups;
}
