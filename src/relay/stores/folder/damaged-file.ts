import { readFile, rename } from 'node:fs/promises';
import type { StoreLog } from '../log';

/** A file does not hold what was written into it: a disk has lost it, or somebody else has put it there. */
export class DamagedFile extends Error {
  /** Without a cause: that would quote what is in the file. */
  constructor(readonly path: string) {
    super(`Failed to read ${path}: the file is damaged.`);
  }
}

/**
 * Reads a file that `writeWholeFile` wrote.
 *
 * @param isWhole - whether what the JSON in it holds may have been written here
 * @returns undefined where there is no such file
 * @throws DamagedFile; the system's error when it cannot be read
 */
export async function readWholeFile<T extends object>(
  path: string,
  isWhole: (value: Partial<T>) => boolean,
): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EISDIR') throw new DamagedFile(path);
    if (error.code !== 'ENOENT') throw error;
  });
  if (text === undefined) return undefined;
  const value = parse(text) as T | undefined;
  if (!value || !isWhole(value)) throw new DamagedFile(path);
  return value;
}

/** @returns undefined for what is no JSON; that `null` is no object either */
function parse(text: string): unknown {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Gives a damaged file a name that nothing looks for, and says so at error level. It is never removed: somebody may still
 * find in it what was paid for.
 *
 * @param lost - what does not happen without it
 */
export async function setAside(
  { path }: DamagedFile,
  lost: string,
  log: Pick<StoreLog, 'error'>,
): Promise<void> {
  const aside = `${path}.${Date.now()}.damaged`;
  const failure = await rename(path, aside).then(
    () => undefined,
    (error: unknown) => error,
  );
  const details = failure === undefined ? { file: aside } : { file: path, err: failure };
  log.error(`a damaged file was found, and is not used: ${lost}`, details);
}
