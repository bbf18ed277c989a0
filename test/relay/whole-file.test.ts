/** Files of the relay's folder that a crash of the machine leaves whole: the order in which they reach the disk. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from '../../src/relay/stores/folder/whole-file';
import { temporaryFolder } from '../support/files';

/** Sees each flush to the disk, and whether `path` had its name by then. */
async function watchFlushes(path: string): Promise<boolean[]> {
  const handle = await open(join(temporaryFolder({ file: '' }), 'file'));
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const { sync } = prototype;
  const seen: boolean[] = [];
  jest.spyOn(prototype, 'sync').mockImplementation(function (this: FileHandle) {
    seen.push(existsSync(path));
    return sync.call(this);
  });
  return seen;
}

test('the bytes come first, then the name, and both are there when it resolves', async () => {
  const folder = join(temporaryFolder(), 'new');
  const path = join(folder, 'file');
  const flushes = await watchFlushes(path);
  await writeWholeFile(path, 'whole');
  // Windows cannot flush a folder.
  expect(flushes).toEqual(process.platform === 'win32' ? [false] : [false, true]);
  expect(readFileSync(path, 'utf8')).toBe('whole');
  expect(readdirSync(folder)).toEqual(['file']);
});
