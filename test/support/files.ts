/** Where the project is, and temporary folders that are removed again. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cleanUpAfterTest } from './cleanup';

/** The project's root. */
export const ROOT = path.join(__dirname, '../..');

/** Contents of files by their path relative to a folder. */
export type Files = Record<string, string | Uint8Array>;

/**
 * Makes a folder below the system's temporary folder and removes it after the test.
 *
 * @param files - written into it
 * @param cleanUp - `cleanUpAfterSuite` for a folder that a `beforeAll` makes
 * @returns its absolute path
 */
export function temporaryFolder(files: Files = {}, cleanUp = cleanUpAfterTest): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'servicemarket-test-'));
  cleanUp(() => fs.rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

/** Writes files below a folder, with the folders on the way. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
}

/** Every file below a folder, its bytes as Latin-1, so that equal texts are equal bytes. */
export function readFiles(folder: string): Record<string, string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files
      .sort()
      .map((file) => [path.relative(folder, file).replaceAll('\\', '/'), fs.readFileSync(file, 'latin1')]),
  );
}
