/** Room on the relay's disk: uploads are refused before calls lack it. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { RelayError, storeFailed } from '../../../invocation';
import { fitsShare, Tally } from '../../apps/share';
import { appOfKey } from '../../files/file-id';
import type { FileStore, StoredFile } from '../../files/file-store';
import type { StoreLog } from '../log';

export interface DiskLimits {
  /** Bytes of all files in the folder. */
  maxDisk: number;
  /** Bytes that stay free on the folder's disk, for intents and outcomes. */
  minFreeDisk: number;
  /** Bytes of one file. */
  maxFileSize: number;
  /** Each may have as many bytes of files as are free, where there are several. */
  apps: readonly unknown[];
}

/** Ms after which the free space is looked at again. */
const LOOK_TTL_MS = 1000;
/** Seconds after which a refused upload may be tried again. */
const RETRY_AFTER_S = 60;

/** A file store that stores nothing while the relay's folder has no room. */
export class RoomCheckedFiles implements FileStore {
  /** Bytes in the folder: measured after each sweep, and counted in between. */
  #used = 0;
  /** Those of files, by app. */
  #files = new Tally();
  /** Uploads under way, by app. */
  readonly #running = new Tally();
  #free = { bytes: Infinity, readAt: -Infinity };
  /** Apps whose uploads were refused last. */
  readonly #refused = new Set<string>();

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

  async put(source: Readable, type: string, key: () => Promise<string>, app = ''): Promise<void> {
    this.#running.add(app, 1);
    try {
      // Without a wait: until the store reads the source, nobody listens to its errors.
      this.#requireRoom(source, app);
      let name = '';
      await this.files.put(source, type, async () => (name = await key()), app);
      const size = await sizeOf(join(this.folder, 'files', name));
      this.#used += size;
      this.#files.add(app, size);
    } catch (error) {
      if (error instanceof RelayError) throw error;
      if (!isDiskFull(error)) {
        // The client's errors come by the source, which a failing system call destroys too.
        const isOfClient = error === source.errored && !('syscall' in (error as Error));
        throw isOfClient ? error : storeFailed(error);
      }
      this.#report('its disk is full. Make room.', app);
      throw noRoom(error);
    } finally {
      this.#running.add(app, -1);
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

  #requireRoom(source: Readable, app: string): void {
    // By the last look: the next upload sees the new one.
    if (performance.now() - this.#free.readAt > LOOK_TTL_MS) void this.#readFree().catch(() => {});
    const lack = this.#findLack(this.#running.total * this.limits.maxFileSize) ?? this.#findLackOf(app);
    this.#report(lack, app);
    if (!lack) return;
    source.on('error', () => {}).destroy();
    throw noRoom();
  }

  /** Logs each change once. */
  #report(lack: string | undefined, app: string): void {
    if (this.#refused.has(app) === (lack !== undefined)) return;
    const details = { folder: this.folder, ...(app !== '' && { app }) };
    if (lack === undefined) {
      this.#refused.delete(app);
      this.log.info('uploads are accepted again', details);
      return;
    }
    this.#refused.add(app);
    this.log.error(`uploads are refused: ${lack}`, details);
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

  /** @returns what is lacking where an app has its part, so that the others have room */
  #findLackOf(app: string): string | undefined {
    const { maxDisk, minFreeDisk, maxFileSize, apps } = this.limits;
    const running = this.#running.of(app) - 1;
    const taken = {
      ofApp: this.#files.of(app) + running * maxFileSize,
      ofAll: (this.#running.total - 1) * maxFileSize,
    };
    const free = Math.min(maxDisk - this.#used, this.#free.bytes - minFreeDisk);
    if (fitsShare(maxFileSize, taken, free, apps.length > 1)) return undefined;
    return 'the files of the app have as many bytes as it leaves to all others. Raise "maxDisk", or lower "fileTtl".';
  }

  async #readFree(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    this.#free = { bytes: bavail * bsize, readAt: performance.now() };
  }

  async #measure(): Promise<void> {
    let used = 0;
    const files = new Tally();
    for await (const path of filesIn(this.folder)) {
      const size = await sizeOf(path);
      used += size;
      const app = appOfKey(basename(path));
      if (app !== '') files.add(app, size);
    }
    this.#used = used;
    this.#files = files;
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
