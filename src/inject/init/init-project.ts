import { text } from '../../texts';
import { groupPaths, onlyChanged } from '../apply/file-change';
import type { FileChange } from '../apply/file-change';
import { recover } from '../apply/journal';
import { writeChanges } from '../apply/write';
import { CONFIGURATION_NAME } from '../project/configuration';
import { openFolder, requireFolder } from '../project/files';
import { PROJECT_CONFIG_NAME } from '../project/project-config';
import { detectProject, listEdits } from './edits';
import type { Edit } from './edits';

export interface InitResult {
  /** What was detected, in words, such as "Taro (React, TypeScript)". */
  project: string;
  changed: string[];
  created: string[];
  deleted: string[];
  /** What each of these files gets, by its path. */
  purposes: Record<string, string>;
  /** What is left to do by hand. */
  notes: string[];
}

/**
 * Starts a project: sets `"servicemarket": true` where it belongs, writes servicemarket.config.json where there is
 * none, and adds what the project's kind needs: the bundler plugin, types, ignored files, the DevTools hooks. What is
 * there stays; a second run changes nothing.
 *
 * @throws InjectError when a file of the project cannot be read or written
 */
export function initProject(projectDir: string, { dryRun = false } = {}): InitResult {
  const result = edit(projectDir, dryRun, ({ add, manual }, source, note) => {
    const after = add(source);
    if (after === undefined && manual !== undefined) note(manual);
    return after ?? source;
  });
  if (result.changed.includes(PROJECT_CONFIG_NAME)) result.notes.push(text('turnHooksOn'));
  return result;
}

/**
 * Takes out what {@link initProject} put in: everything but a configuration that was changed since. The shim itself
 * goes by `removeInjection`.
 */
export function undoInit(projectDir: string, { dryRun = false } = {}): InitResult {
  return edit(projectDir, dryRun, ({ path, remove }, source, note) => {
    const after = source === undefined ? undefined : remove(source);
    if (path === CONFIGURATION_NAME && after !== undefined) note(text('configurationKept'));
    return after;
  });
}

/** @returns what a file has to be; `note` is called with what is left to do by hand */
type Apply = (edit: Edit, source: string | undefined, note: (text: string) => void) => string | undefined;

function edit(projectDir: string, dryRun: boolean, apply: Apply): InitResult {
  requireFolder(projectDir);
  recover(projectDir);
  const files = openFolder(projectDir);
  const project = detectProject(projectDir, files);
  const edits = listEdits(files, project);
  const notes: string[] = [];
  const changes = onlyChanged(
    edits.map((each): FileChange => {
      const before = files.read(each.path);
      return { path: each.path, before, after: apply(each, before, (note) => notes.push(note)) };
    }),
  );
  if (!dryRun) writeChanges(projectDir, changes);
  const purposes = Object.fromEntries(edits.map(({ path, purpose }) => [path, purpose]));
  return { project: project.label, ...groupPaths(changes), purposes, notes };
}
