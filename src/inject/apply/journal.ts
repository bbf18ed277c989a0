import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InjectError } from '../errors';
import { staysInside } from '../project/paths';

/** In the project's folder, only while files are replaced. The tools do not pack a file of this name. */
const JOURNAL_NAME = '.servicemarket-journal';
const STAGED = '.servicemarket-new';

/** The work of one run. `staging`: nothing was replaced yet; `committing`: every new file is complete. */
export interface Journal {
  state: 'staging' | 'committing';
  files: JournalFile[];
}

export interface JournalFile {
  /** Relative to the project, with `/`; symbolic links resolved. */
  path: string;
  /** SHA-256 of the content; null means that there is no file. */
  before: string | null;
  after: string | null;
}

/** @returns the SHA-256 of a file's content as hex, or null where there is no file */
export function hashOf(content: string | Buffer | undefined): string | null {
  return content === undefined ? null : createHash('sha256').update(content).digest('hex');
}

/** @returns where the new content of a file waits, beside the file: a rename within a folder is atomic */
export function stagedPath(root: string, path: string): string {
  return join(root, path + STAGED);
}

/** Writes the journal to the disk, whole or not at all. */
export function writeJournal(root: string, journal: Journal): void {
  const path = join(root, JOURNAL_NAME);
  writeFileSync(path + STAGED, JSON.stringify(journal), { flush: true });
  renameSync(path + STAGED, path);
}

/** Says that the run is over. */
export function removeJournal(root: string): void {
  rmSync(join(root, JOURNAL_NAME), { force: true });
}

/**
 * Ends a run that was killed: undoes it when not every new file was written, else finishes it. A file that
 * somebody else has changed since then is left as it is.
 *
 * @param root - the project's folder
 * @returns how a former run was ended, or undefined when there was none
 * @throws InjectError when the journal was not written by this package
 */
export function recover(root: string): 'undone' | 'finished' | undefined {
  const path = join(root, JOURNAL_NAME);
  rmSync(path + STAGED, { force: true });
  if (!existsSync(path)) return undefined;
  const { state, files } = readJournal(path);
  if (state === 'committing') for (const file of files) commitFile(root, file);
  for (const file of files) rmSync(stagedPath(root, file.path), { force: true });
  removeJournal(root);
  return state === 'committing' ? 'finished' : 'undone';
}

/** The journal is part of the project's folder, which may come from elsewhere: its paths must not lead out of it. */
function readJournal(path: string): Journal {
  try {
    const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal;
    if (journal.files.every((file) => staysInside(file.path))) return journal;
  } catch {
    // Handled below: it is no journal either way.
  }
  throw new InjectError('foreignJournal', {}, { file: path });
}

/** Replaces or deletes one file whose new content is staged; does nothing when that was done before. */
export function commitFile(root: string, { path, before, after }: JournalFile): void {
  const target = join(root, path);
  if (hashOf(existsSync(target) ? readFileSync(target) : undefined) !== before) return;
  if (after === null) rmSync(target);
  else if (existsSync(stagedPath(root, path))) renameSync(stagedPath(root, path), target);
}
