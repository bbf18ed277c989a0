import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expiryOfKey } from './file-id';
import type { FileStore, StoredFile } from './file-store';

const UNFINISHED = /^upload-[0-9a-f-]{36}\.part$/;
/** Ms without a byte after which an upload in a shared folder was given up. */
const GIVEN_UP = 3_600_000;

/** Files in one folder that only this user may read. Touches no name that it did not make. */
export class LocalFileStore implements FileStore {
  private constructor(
    private readonly folder: string,
    private readonly isShared: boolean,
  ) {}

  /**
   * @param folder - made if missing
   * @param options.isShared - other processes may be storing files in it. @default false
   */
  static async open(folder: string, { isShared = false } = {}): Promise<LocalFileStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = new LocalFileStore(folder, isShared);
    // No upload can be running before the store is open.
    if (!isShared) await store.#removeUnfinished(Infinity);
    return store;
  }

  async put(source: Readable, _type: string, key: () => Promise<string>): Promise<void> {
    const unfinished = this.#path(`upload-${randomUUID()}.part`);
    const sink = createWriteStream(unfinished, { flags: 'wx', mode: 0o600 });
    try {
      await pipeline(source, sink);
      await rename(unfinished, this.#path(await key()));
    } catch (error) {
      // A sink that is cut off while it opens would make the file after its removal.
      if (!sink.closed) await new Promise<void>((closed) => sink.once('close', closed));
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async get(key: string): Promise<StoredFile | undefined> {
    try {
      // The handle is opened first: a sweep in between then takes the name away but not the bytes.
      const handle = await open(this.#path(key));
      const { size } = await handle.stat();
      return { size, stream: handle.createReadStream() };
    } catch (error) {
      return ifMissing(error);
    }
  }

  async size(key: string): Promise<number | undefined> {
    try {
      return (await stat(this.#path(key))).size;
    } catch (error) {
      return ifMissing(error);
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async sweep(now: number): Promise<number> {
    let removed = 0;
    let failure: unknown;
    for (const name of await readdir(this.folder)) {
      const expiresAt = expiryOfKey(name);
      if (expiresAt === undefined || expiresAt > now) continue;
      // One that cannot be removed must not keep all others.
      await this.remove(name).then(
        () => removed++,
        (error: unknown) => (failure ??= error),
      );
    }
    if (this.isShared) await this.#removeUnfinished(Date.now() - GIVEN_UP);
    if (failure !== undefined) throw failure;
    return removed;
  }

  async check(): Promise<void> {
    const probe = this.#path(`upload-${randomUUID()}.part`);
    try {
      await writeFile(probe, 'x', { flag: 'wx', mode: 0o600 });
    } finally {
      await rm(probe, { force: true });
    }
  }

  async close(): Promise<void> {}

  /** Removes what a killed process left half-written, where its last byte came before `until` (ms). */
  async #removeUnfinished(until: number): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!UNFINISHED.test(name)) continue;
      const file = await stat(this.#path(name)).catch(ifMissing);
      if (file && file.mtimeMs < until) await this.remove(name);
    }
  }

  #path(key: string): string {
    return join(this.folder, key);
  }
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
