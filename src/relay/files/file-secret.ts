import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET_BYTES = 32;

/** The secret of a folder's file ids, kept beside the files so that their URLs outlive a restart. */
export async function openFileSecret(folder: string): Promise<Buffer> {
  const path = join(folder, 'file-secret');
  const stored = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (stored?.length === SECRET_BYTES) return stored;
  const secret = randomBytes(SECRET_BYTES);
  await writeFile(path, secret, { mode: 0o600 });
  return secret;
}
