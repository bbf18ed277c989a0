import { randomInt, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../../../texts';

export interface LockTimes {
  /** Ms between two heartbeats of the holder. */
  heartbeat: number;
  /** Ms without a heartbeat after which another relay may take the lock over. */
  expiry: number;
}

const DEFAULT_TIMES: LockTimes = { heartbeat: 2000, expiry: 10_000 };
const LOCK_FILE = /^relay-[0-9a-f-]{36}\.lock$/;
/** Two relays that start at once both step back, each for a random time up to this. */
const MAX_BACKOFF_MS = 200;

/**
 * Keeps a second relay from working in the same folder, also one in another container or on another machine: it asks
 * for no process id, only for the heartbeat that the holder writes into its lock file.
 *
 * Each relay creates a lock file under its own name and then lists the lock files, so of two that start at once at
 * least one sees the other and steps back. A lock without a heartbeat is taken over. Takeover renames the file,
 * re-reads the heartbeat, then deletes; the holder writes its heartbeat, then checks that its file exists. One of the
 * two always notices.
 */
export class FolderLock {
  #heartbeats = 0;
  /** When the last heartbeat that proved the lock ours began, by two clocks. */
  #heldAt = { monotonic: -Infinity, wall: -Infinity };
  #isLost = false;
  #beating: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly folder: string,
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly times: LockTimes,
  ) {}

  /**
   * Locks the folder, and creates it if missing. Takes over the lock of a killed relay once it has expired, for which
   * this waits.
   *
   * @throws Error when another relay works in the folder, or it cannot be written
   */
  static async acquire(folder: string, times = DEFAULT_TIMES): Promise<FolderLock> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (;;) {
      for (const path of await findLocks(folder)) await waitForEnd(folder, path, times);
      const path = join(folder, `relay-${randomUUID()}.lock`);
      // Without a heartbeat until it is held, so that nobody takes a relay that only tries for the holder.
      const lock = new FolderLock(folder, path, await open(path, 'wx', 0o600), times);
      try {
        if ((await findLocks(folder)).length === 1) {
          await lock.#start();
          return lock;
        }
      } catch (error) {
        // A file that stayed would make the next start wait until it has expired.
        await lock.release();
        throw error;
      }
      await lock.release();
      await sleep(randomInt(MAX_BACKOFF_MS));
    }
  }

  /**
   * The fence before and after each write: returns only while no other relay can have taken the folder over. Costs
   * nothing while the last heartbeat is recent, else it writes one.
   *
   * @throws Error when another relay has the folder, or may have it
   */
  async fence(): Promise<void> {
    if (this.#isFresh()) return;
    await this.#beat();
    // A heartbeat that was already under way may have checked before this process was held up.
    if (this.#isFresh()) return;
    await this.#beat();
    if (!this.#isFresh()) throw new Error(`Failed to use ${this.folder}: it answers too slowly.`);
  }

  /** Removes the lock file: the next relay need not wait. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating?.catch(() => {});
    await this.file.close();
    await rm(this.path, { force: true });
  }

  async #start(): Promise<void> {
    await this.#beat();
    // A heartbeat that fails here is repeated, and reported, by the next fence.
    this.#timer = setInterval(() => void this.#beat().catch(() => {}), this.times.heartbeat).unref();
  }

  #isFresh(): boolean {
    // By two clocks: the wall clock may be set back, and the monotonic one stands still while the machine sleeps.
    const age = Math.max(performance.now() - this.#heldAt.monotonic, Date.now() - this.#heldAt.wall);
    // One heartbeat shorter than a takeover waits.
    return !this.#isLost && age <= this.times.expiry - this.times.heartbeat;
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#writeHeartbeat().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  async #writeHeartbeat(): Promise<void> {
    const now = { monotonic: performance.now(), wall: Date.now() };
    if (!this.#isLost) {
      await this.file.write(String(++this.#heartbeats), 0);
      // Past the cache, also of a machine that mounts the folder over the network.
      await this.file.datasync();
      this.#isLost = !(await this.#isStillHeld());
    }
    if (this.#isLost) {
      throw new Error(
        `Failed to use ${this.folder}: another relay has taken it. Stop one of the two, or give it its own folder.`,
      );
    }
    this.#heldAt = now;
  }

  /** Waits while a takeover has renamed the file: it is renamed back if the heartbeat came before its last look. */
  async #isStillHeld(): Promise<boolean> {
    for (let left = 5; left > 0; left--) {
      if (await exists(this.path)) return true;
      if (!(await exists(takenOver(this.path)))) return exists(this.path);
      await sleep(this.times.heartbeat / 4);
    }
    return false;
  }
}

/** The name of a lock file during its takeover. */
function takenOver(path: string): string {
  return `${path}.ended`;
}

async function findLocks(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => LOCK_FILE.test(name)).map((name) => join(folder, name));
}

/**
 * Returns when a lock file is gone; takes it over when no heartbeat comes.
 *
 * @throws Error when a heartbeat came: the folder is in use
 */
async function waitForEnd(folder: string, path: string, { heartbeat, expiry }: LockTimes): Promise<void> {
  const first = await readHeartbeat(path);
  if (first === undefined) return;
  const pause = heartbeat / 4;
  // Looks are counted instead of time: this process and the holder may have been held up together.
  for (let left = Math.ceil(expiry / pause); left > 0; left--) {
    await sleep(pause);
    const latest = await readHeartbeat(path);
    if (latest === undefined) return;
    if (latest !== first) throw inUse(folder);
  }
  const aside = takenOver(path);
  try {
    await rename(path, aside);
  } catch (error) {
    return ifMissing(error);
  }
  if ((await readHeartbeat(aside)) === first) return rm(aside, { force: true });
  await rename(aside, path);
  throw inUse(folder);
}

async function readHeartbeat(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ifMissing);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(ifMissing)) !== undefined;
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

function inUse(folder: string): Error {
  return new Error(errorText('relayFolderTaken', { folder }));
}
