import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InjectError, placeAt } from './errors';

/** What the planner sees of a project: a folder on disk, or a bundler's output. Paths are relative, with `/`. */
export interface ProjectFiles {
  has(path: string): boolean;
  /** @returns the file's text with its byte order mark, or undefined when there is no such file */
  read(path: string): string | undefined;
}

/** A folder on disk. */
export interface Folder extends ProjectFiles {
  /** Whether the file's bytes hold a text of ASCII characters; asked of files that may be no text at all. */
  mentions(path: string, text: string): boolean;
}

/** @param root - the project's folder; nothing outside it is read but through its own symbolic links */
export function openFolder(root: string): Folder {
  return {
    mentions: (path, text) => readFileSync(join(root, path)).includes(text, 0, 'latin1'),
    has: (path) => isFile(join(root, path)),
    read(path) {
      if (!this.has(path)) return undefined;
      const bytes = readFileSync(join(root, path));
      if (isUtf8(bytes)) return bytes.toString('utf8');
      // Latin-1 keeps one character per byte, so that the place can be counted.
      const offset = firstInvalid(bytes);
      const place = placeAt(path, bytes.toString('latin1'), offset);
      throw new InjectError('read the project', 'the file is not UTF-8', 'Save it as UTF-8', place);
    },
  };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Length of the longest prefix that is UTF-8, by halving: a character is at most four bytes. */
function firstInvalid(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 4) {
    const middle = (good + bad) >> 1;
    if (prefixIsUtf8(bytes, middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function prefixIsUtf8(bytes: Buffer, length: number): boolean {
  return [0, 1, 2, 3].some((cut) => cut <= length && isUtf8(bytes.subarray(0, length - cut)));
}
