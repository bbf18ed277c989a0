import { readFile, rm, writeFile } from 'node:fs/promises';

/** Locks of this process: a stale file may carry its id, since a restarted container counts from 1 again. */
const held = new Set<string>();

/**
 * Keeps a second relay from working on the same files.
 *
 * @returns what gives the lock back
 * @throws Error when a process that runs holds it
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  if (held.has(path) || (await isHeld(path))) {
    throw new Error(
      `Failed to lock ${path}: another relay works in this folder. Stop it, give this one its own folder, ` +
        'or remove the file if no relay runs.',
    );
  }
  await rm(path, { force: true });
  await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
  held.add(path);
  return async () => {
    held.delete(path);
    await rm(path, { force: true });
  };
}

async function isHeld(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
