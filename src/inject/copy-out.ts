import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InjectError } from './errors';
import type { FileChange } from './plan';
import { walkFiles } from './walk';

/** Lists, in the output folder, what was written there, so that the next run may replace or delete it. */
const LIST_NAME = '.servicemarket-out.json';

/**
 * Makes `out` a copy of the project with the changes in it. Version control folders and node_modules, which
 * no mini-program is packed with, are left out; symbolic links become what they name.
 *
 * @returns whether anything in `out` was written or deleted
 * @throws InjectError when `out` holds files that this function did not write, or overlaps the project
 */
export function copyOut(root: string, out: string, changes: FileChange[]): boolean {
  if (resolve(root) === resolve(out) || isInside(out, root)) {
    throw new InjectError('write the output', `${out} holds the project`, 'Name another folder');
  }
  const contents = new Map(changes.map(({ path, after }) => [path, after]));
  const paths = new Set([...walkFiles(root, out), ...contents.keys()]);
  paths.delete(LIST_NAME);
  const former = readList(out);
  const foreign = [...paths].find(
    (path) => !former.has(path) && statSync(join(out, path), { throwIfNoEntry: false }),
  );
  if (foreign) {
    const cause = `${join(out, foreign)} exists and was not written by inject`;
    throw new InjectError('write the output', cause, 'Empty the folder or name another');
  }
  let written = 0;
  mkdirSync(out, { recursive: true });
  const list = JSON.stringify([...paths].sort());
  writeFileSync(join(out, LIST_NAME), JSON.stringify([...new Set([...former, ...paths])]));
  for (const path of paths) written += Number(place(root, out, path, contents.get(path)));
  for (const path of former) {
    if (paths.has(path)) continue;
    rmSync(join(out, path), { force: true });
    written++;
  }
  writeFileSync(join(out, LIST_NAME), list);
  return written > 0;
}

function place(root: string, out: string, path: string, text: string | undefined): boolean {
  const target = join(out, path);
  const content = text === undefined ? undefined : Buffer.from(text);
  const present = statSync(target, { throwIfNoEntry: false })?.isFile() ? readFileSync(target) : undefined;
  if (present?.equals(content ?? readFileSync(join(root, path)))) return false;
  const staged = `${target}.servicemarket-new`;
  mkdirSync(dirname(target), { recursive: true });
  if (content) writeFileSync(staged, content);
  else copyFileSync(join(root, path), staged);
  renameSync(staged, target);
  return true;
}

function readList(out: string): Set<string> {
  try {
    return new Set(JSON.parse(readFileSync(join(out, LIST_NAME), 'utf8')) as string[]);
  } catch {
    return new Set();
  }
}

function isInside(folder: string, path: string): boolean {
  return relative(resolve(folder), resolve(path)).split(sep)[0] !== '..';
}
