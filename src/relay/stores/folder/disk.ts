/** Room on the relay's disk: uploads are refused before calls lack it. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { RelayError, storeFailed } from '../../../invocation';
import type { FileStore, StoredFile } from '../../files/file-store';
import type { StoreLog } from '../log';

export interface DiskLimits {
  /** Bytes of all files in the folder. */
  maxDisk: number;
  /** Bytes that stay free on the folder's disk, for intents and outcomes. */
  minFreeDisk: number;
  /** Bytes of one file. */
  maxFileSize: number;
}

/** Ms after which the free space is looked at again. */
const LOOK_TTL_MS = 1000;
/** Seconds after which a refused upload may be tried again. */
const RETRY_AFTER_S = 60;

/** A file store that stores nothing while the relay's folder has no room. */
export class RoomCheckedFiles implements FileStore {
  /** Bytes in the folder: measured after each sweep, and counted in between. */
  #used = 0;
  /** Uploads under way. */
  #running = 0;
  #free = { bytes: Infinity, readAt: -Infinity };
  #hasRoom = true;

  private constructor(
    private readonly files: FileStore,
    private readonly folder: string,
    private readonly limits: DiskLimits,
    private readonly log: StoreLog,
  ) {}

  /**
   * @param files - in the folder, or with a part of their way in it
   * @param folder - everything in it counts
   */
  static async open(
    files: FileStore,
    folder: string,
    limits: DiskLimits,
    log: StoreLog,
  ): Promise<RoomCheckedFiles> {
    const store = new RoomCheckedFiles(files, folder, limits, log);
    await store.#measure();
    return store;
  }

  async put(source: Readable, type: string, key: () => Promise<string>): Promise<void> {
    this.#running++;
    try {
      // Without a wait: until the store reads the source, nobody listens to its errors.
      this.#requireRoom(source);
      let name = '';
      await this.files.put(source, type, async () => (name = await key()));
      this.#used += await sizeOf(join(this.folder, 'files', name));
    } catch (error) {
      if (error instanceof RelayError) throw error;
      if (!isDiskFull(error)) {
        // The client's errors come by the source, which a failing system call destroys too.
        const isOfClient = error === source.errored && !('syscall' in (error as Error));
        throw isOfClient ? error : storeFailed(error);
      }
      this.#report('its disk is full. Make room.');
      throw noRoom(error);
    } finally {
      this.#running--;
    }
  }

  get(key: string): Promise<StoredFile | undefined> {
    return this.files.get(key).catch(throwStoreFailed);
  }

  size(key: string): Promise<number | undefined> {
    return this.files.size(key).catch(throwStoreFailed);
  }

  remove(key: string): Promise<void> {
    return this.files.remove(key);
  }

  async sweep(now: number): Promise<number> {
    const removed = await this.files.sweep(now);
    await this.#measure();
    return removed;
  }

  /** @throws Error when the store cannot be used or has no room */
  async check(): Promise<void> {
    await this.files.check();
    await this.#readFree();
    const lack = this.#findLack(0);
    if (lack) throw new Error(`Failed to use ${this.folder}: ${lack}`);
  }

  close(): Promise<void> {
    return this.files.close();
  }

  #requireRoom(source: Readable): void {
    // By the last look: the next upload sees the new one.
    if (performance.now() - this.#free.readAt > LOOK_TTL_MS) void this.#readFree().catch(() => {});
    const lack = this.#findLack(this.#running * this.limits.maxFileSize);
    this.#report(lack);
    if (!lack) return;
    source.on('error', () => {}).destroy();
    throw noRoom();
  }

  /** Logs each change once. */
  #report(lack: string | undefined): void {
    if (this.#hasRoom === !lack) return;
    this.#hasRoom = !lack;
    if (lack) this.log.error(`uploads are refused: ${lack}`, { folder: this.folder });
    else this.log.info('uploads are accepted again', { folder: this.folder });
  }

  /** @returns what is lacking and its remedy, if `bytes` more would be too many */
  #findLack(bytes: number): string | undefined {
    const { maxDisk, minFreeDisk } = this.limits;
    if (this.#used + bytes > maxDisk)
      return `the folder has its "maxDisk" of ${maxDisk} bytes. Raise it, or lower "fileTtl".`;
    if (this.#free.bytes - bytes < minFreeDisk) {
      return `its disk has less than the ${minFreeDisk} free bytes of "minFreeDisk". Make room.`;
    }
    return undefined;
  }

  async #readFree(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    this.#free = { bytes: bavail * bsize, readAt: performance.now() };
  }

  async #measure(): Promise<void> {
    let used = 0;
    for await (const path of filesIn(this.folder)) used += await sizeOf(path);
    this.#used = used;
    await this.#readFree();
  }
}

function throwStoreFailed(cause: unknown): never {
  throw storeFailed(cause);
}

function noRoom(cause?: unknown): RelayError {
  return new RelayError(503, 'Failed to store the file: the relay has no room for it. Try again later.', {
    retryAfter: RETRY_AFTER_S,
    billing: 'none',
    cause,
  });
}

/** Yields the path of each file. A folder within that cannot be read, as the system's own on a disk, holds none of ours. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    if (!entry.isDirectory()) continue;
    try {
      yield* filesIn(path);
    } catch {
      // Nor does one that was removed meanwhile.
    }
  }
}

/** @returns 0 for a file that is gone, or lies elsewhere */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Whether the system refused a write for want of room. */
export function isDiskFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
