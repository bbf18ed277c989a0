import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InjectError, reasonOf } from '../errors';
import { staysInside } from '../project/paths';
import { LIST_NAME, walkFiles } from '../project/walk';
import type { FileChange } from './file-change';

const STAGED_NAME = '.servicemarket-out.new';

/**
 * Makes `out` a copy of the project with the changes in it. Version control folders and node_modules, which the
 * tools never pack, are left out; a symbolic link becomes a copy of its target.
 *
 * @param root - the project's folder
 * @returns whether anything in `out` was written or deleted
 * @throws InjectError when `out` holds files that this function did not write, or overlaps the project
 */
export function writeProjectCopy(root: string, out: string, changes: FileChange[]): boolean {
  if (resolve(root) === resolve(out) || isInside(out, root)) {
    throw new InjectError('outHoldsProject', { out });
  }
  // Every file of the project and of the injection, without those that injection deletes.
  const contents = new Map(changes.map(({ path, after }) => [path, after]));
  const paths = new Set([...walkFiles(root, out), ...contents.keys()]);
  const deleted = changes.flatMap(({ path, after }) => (after === undefined ? [path] : []));
  for (const name of [LIST_NAME, STAGED_NAME, ...deleted]) paths.delete(name);
  // The list of a former run says which files in `out` may be overwritten.
  const former = readList(out);
  const foreign = [...paths].find(
    (path) => !former.has(path) && statSync(join(out, path), { throwIfNoEntry: false }),
  );
  if (foreign) throw new InjectError('outHoldsOthers', { path: join(out, foreign) });
  try {
    return writeFiles(root, out, paths, former, contents);
  } catch (cause) {
    const reason = reasonOf(cause as NodeJS.ErrnoException);
    throw new InjectError('outFailed', { reason }, undefined, { cause });
  }
}

function writeFiles(
  root: string,
  out: string,
  paths: Set<string>,
  former: Set<string>,
  contents: Map<string, string | undefined>,
): boolean {
  mkdirSync(out, { recursive: true });
  // Until all is written, the list names the old and the new files: a run that is killed may be repeated.
  replaceWithText(out, LIST_NAME, JSON.stringify([...new Set([...former, ...paths])]));
  let changes = 0;
  for (const path of paths) changes += Number(writeFile(root, out, path, contents.get(path)));
  for (const path of former) {
    if (paths.has(path)) continue;
    rmSync(join(out, path), { force: true });
    changes++;
  }
  replaceWithText(out, LIST_NAME, JSON.stringify([...paths].sort()));
  return changes > 0;
}

/** Writes a text, or copies the project's file. @returns whether the file was not there already */
function writeFile(root: string, out: string, path: string, text: string | undefined): boolean {
  const target = join(out, path);
  const source = join(root, path);
  const present = statSync(target, { throwIfNoEntry: false })?.isFile() ? readFileSync(target) : undefined;
  if (present?.equals(text === undefined ? readFileSync(source) : Buffer.from(text))) return false;
  if (text !== undefined) replaceWithText(out, path, text);
  else replace(out, path, (staged) => copyFileSync(source, staged));
  return true;
}

function replaceWithText(out: string, path: string, text: string): void {
  replace(out, path, (staged) => writeFileSync(staged, text));
}

/** Writes a file whole or not at all. All files are staged under one name, so that a killed run leaves one at most. */
function replace(out: string, path: string, write: (staged: string) => void): void {
  const staged = join(out, STAGED_NAME);
  write(staged);
  mkdirSync(dirname(join(out, path)), { recursive: true });
  renameSync(staged, join(out, path));
}

function readList(out: string): Set<string> {
  try {
    const paths = JSON.parse(readFileSync(join(out, LIST_NAME), 'utf8')) as string[];
    return new Set(paths.filter(staysInside));
  } catch {
    return new Set();
  }
}

function isInside(folder: string, path: string): boolean {
  return relative(resolve(folder), resolve(path)).split(sep)[0] !== '..';
}
