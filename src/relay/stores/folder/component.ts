import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../../../invocation';
import { type ComponentStore, Turns } from '../../../openapi';
import type { StoreLog } from '../log';
import { DamagedFile, readWholeFile, setAside } from './damaged-file';
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
   * @param log - told of files that are damaged; they are set aside. @default warnings of the process
   */
  constructor(
    private readonly folder: string,
    private readonly now: () => number = Date.now,
    private readonly log: Pick<StoreLog, 'error'> = PROCESS_LOG,
  ) {
    super();
  }

  async read(key: string): Promise<string | undefined> {
    const entry = await readWholeFile<Entry>(this.pathOf(key), isEntry).catch(async (error: unknown) => {
      if (!(error instanceof DamagedFile)) throw error;
      // A ticket or a token comes again by itself.
      const lost = 'if it held the refresh token of an app, that has to be authorized or adopted again';
      await setAside(error, lost, this.log);
    });
    if (entry === undefined) return undefined;
    const { value, expiresAt = Infinity } = entry;
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

function isEntry({ value, expiresAt = 0 }: Partial<Entry>): boolean {
  return typeof value === 'string' && typeof expiresAt === 'number';
}

const PROCESS_LOG: Pick<StoreLog, 'error'> = {
  error: (message, details) => process.emitWarning(`${message} ${JSON.stringify(details)}`),
};
