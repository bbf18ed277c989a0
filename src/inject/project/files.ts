import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InjectError, placeAt } from '../errors';

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

/** @throws InjectError when the project is not there */
export function requireFolder(projectDir: string): void {
  if (statSync(projectDir, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new InjectError('find the project', `${projectDir} is no folder`, "Name the project's folder");
}

/** @param root - the project's folder; nothing outside it is read but through its own symbolic links */
export function openFolder(root: string): Folder {
  return {
    mentions: (path, text) => readFileSync(join(root, path)).includes(text, 0, 'latin1'),
    has: (path) => isFile(join(root, path)),
    read(path) {
      if (!this.has(path)) return undefined;
      const bytes = readFileSync(join(root, path));
      const text = bytes.toString('utf8');
      if (isUtf8(bytes)) return text;
      const place = placeAt(path, text, firstInvalid(bytes, text));
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

/** Index, in the decoded text, of the first bytes that are no character: a U+FFFD that the file does not hold. */
function firstInvalid(bytes: Buffer, text: string): number {
  for (const { index } of text.matchAll(/\uFFFD/g)) {
    const offset = Buffer.byteLength(text.slice(0, index));
    if (bytes.toString('latin1', offset, offset + 3) !== '\xEF\xBF\xBD') return index;
  }
  return 0;
}
