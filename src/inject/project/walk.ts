import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InjectError } from '../errors';

/** Version control and node_modules: the tools never pack them. */
const SKIPPED = new Set(['.git', '.svn', '.hg', 'node_modules']);

/** In a folder that `inject --out` made: the list of files in it. The tools do not pack this name. */
export const LIST_NAME = '.servicemarket-out';

/**
 * Lists every file of a project and follows symbolic links. Copies that `inject --out` made inside the project are
 * left out.
 *
 * @param root - the project's folder
 * @param except - a folder that is left out although it is below `root`
 * @returns paths relative to `root`, with `/`
 * @throws InjectError when a link leads back to a folder above itself
 */
export function* walkFiles(root: string, except?: string): Generator<string> {
  yield* walk(root, '', except === undefined ? undefined : resolve(except), [realpathSync(root)]);
}

function* walk(
  root: string,
  folder: string,
  except: string | undefined,
  ancestors: string[],
): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    const full = join(root, path);
    const stat = entry.isSymbolicLink() ? statSync(full, { throwIfNoEntry: false }) : entry;
    if (stat?.isFile()) yield path;
    if (!stat?.isDirectory() || SKIPPED.has(entry.name) || resolve(full) === except) continue;
    if (existsSync(join(full, LIST_NAME))) continue;
    const real = realpathSync(full);
    if (ancestors.includes(real)) {
      throw new InjectError('linkLoop', {}, { file: path });
    }
    yield* walk(root, path, except, [...ancestors, real]);
  }
}
