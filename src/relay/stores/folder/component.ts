import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../../../invocation';
import { type ComponentStore, Turns } from '../../../openapi';
import { writeWholeFile } from './whole-file';

interface Entry {
  value: string;
  /** Unix ms; absent where it stays. */
  expiresAt?: number;
}

/**
 * What a third-party platform keeps, in a folder, a file for each. For one process at a time: two over the same folder
 * might both refresh a token.
 */
export class FolderComponentStore extends Turns implements ComponentStore {
  /**
   * @param folder - of the files; made when the first one is
   * @param now - the clock, in ms
   */
  constructor(
    private readonly folder: string,
    private readonly now: () => number = Date.now,
  ) {
    super();
  }

  async read(key: string): Promise<string | undefined> {
    const text = await readFile(this.pathOf(key), 'utf8').catch(ifMissing);
    if (text === undefined) return undefined;
    const { value, expiresAt = Infinity } = JSON.parse(text) as Entry;
    return expiresAt > this.now() ? value : undefined;
  }

  async write(key: string, value: string, ttl?: number): Promise<void> {
    const entry: Entry = { value, ...(ttl !== undefined && { expiresAt: this.now() + ttl }) };
    await writeWholeFile(this.pathOf(key), JSON.stringify(entry));
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  // Not `#`: the types of what is exported have to compile below ES2015.
  private pathOf(key: string): string {
    return join(this.folder, `${digest(key)}.json`);
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
