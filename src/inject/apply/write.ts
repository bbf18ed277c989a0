import { existsSync, lstatSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { InjectError, reasonOf } from '../errors';
import { commitFile, hashOf, recover, removeJournal, stagedPath, writeJournal } from './journal';
import type { JournalFile } from './journal';
import type { FileChange } from './file-change';

/**
 * Writes all changes or none: every new file is staged beside its target first, then renamed. A journal lets
 * {@link recover} end a run that was killed.
 *
 * @param root - the project's folder
 * @throws InjectError when a target is read-only, is a link out of the project, or cannot be written
 */
export function writeChanges(root: string, changes: FileChange[]): void {
  if (!changes.length) return;
  const staged = changes.map(({ path, before, after }) => {
    const target = resolveTarget(root, path);
    return { text: after, file: { path: target, before: hashOf(before), after: hashOf(after) } };
  });
  const files = staged.map(({ file }) => file);
  let current = files[0];
  try {
    writeJournal(root, { state: 'staging', files });
    for (const { file, text } of staged) {
      current = file;
      if (text !== undefined) stage(root, file, text);
    }
    writeJournal(root, { state: 'committing', files });
  } catch (cause) {
    recover(root);
    throw cannotWrite('writeFailed', current.path, cause);
  }
  for (const file of files) {
    try {
      commitFile(root, file);
    } catch (cause) {
      throw cannotWrite('commitFailed', file.path, cause);
    }
  }
  removeJournal(root);
}

function stage(root: string, { path, before }: JournalFile, text: string): void {
  const mode = before === null ? 0o666 : statSync(join(root, path)).mode;
  writeFileSync(stagedPath(root, path), text, { mode, flush: true });
}

/** A symbolic link is written through, so that it stays a link; its target must be inside the project. */
function resolveTarget(root: string, path: string): string {
  const target = join(root, path);
  const stat = lstatSync(target, { throwIfNoEntry: false });
  const folder = dirname(target);
  if (!stat && !existsSync(folder)) {
    throw new InjectError('folderMissing', { folder: dirname(path) }, { file: path });
  }
  const real = stat ? realpathSync(target) : join(realpathSync(folder), basename(target));
  const inside = relative(realpathSync(root), real);
  if (inside.split(sep)[0] === '..') {
    throw new InjectError('linkLeadsOut', { target: real }, { file: path });
  }
  if (stat && (statSync(real).mode & 0o222) === 0) {
    throw new InjectError('readOnly', {}, { file: path });
  }
  return inside.split(sep).join('/');
}

function cannotWrite(code: 'writeFailed' | 'commitFailed', path: string, cause: unknown): InjectError {
  const reason = reasonOf(cause as NodeJS.ErrnoException);
  return new InjectError(code, { reason }, { file: path }, { cause });
}
