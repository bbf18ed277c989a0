import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InjectError, locationAt } from '../errors';

/** The files of a project: a folder on disk, or a bundler's output. Paths are relative, with `/`. */
export interface ProjectFiles {
  has(path: string): boolean;
  /** @returns the file's text with its byte order mark, or undefined when there is no such file */
  read(path: string): string | undefined;
}

/** A folder on disk. */
export interface Folder extends ProjectFiles {
  /** Whether a file contains an ASCII string; also for files that are not text. */
  mentions(path: string, text: string): boolean;
}

/** @throws InjectError when the project is not there */
export function requireFolder(projectDir: string): void {
  if (statSync(projectDir, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new InjectError('noFolder', { path: projectDir });
}

/** @param root - the project's folder; nothing outside it is read, except through symbolic links in it */
export function openFolder(root: string): Folder {
  return {
    mentions: (path, text) => readFileSync(join(root, path)).includes(text, 0, 'latin1'),
    has: (path) => isFile(join(root, path)),
    read(path) {
      if (!this.has(path)) return undefined;
      const bytes = readFileSync(join(root, path));
      const text = bytes.toString('utf8');
      if (isUtf8(bytes)) return text;
      const location = locationAt(path, text, firstInvalid(bytes, text));
      throw new InjectError('notUtf8', {}, location);
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

/** Index in the decoded text of the first invalid bytes: a U+FFFD which the bytes do not spell. */
function firstInvalid(bytes: Buffer, text: string): number {
  for (const { index } of text.matchAll(/\uFFFD/g)) {
    const offset = Buffer.byteLength(text.slice(0, index));
    if (bytes.toString('latin1', offset, offset + 3) !== '\xEF\xBF\xBD') return index;
  }
  return 0;
}
