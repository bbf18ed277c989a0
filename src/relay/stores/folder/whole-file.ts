import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

let writes = 0;

/**
 * Writes a file that is whole from the moment that its name is there, whatever crashes in between: on the disk when this
 * resolves. Until then its bytes are in a file beside it that ends with `.new`.
 *
 * @param path - its folder is made if missing
 */
export async function writeWholeFile(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}.${writes++}.new`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await syncFolderOf(path);
}

/** Makes a file's new name survive a crash. Windows cannot open folders, and does not need it. */
export async function syncFolderOf(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
