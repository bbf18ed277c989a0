import { randomInt, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ms between two signs of life, and without one after which a lock has ended. */
export interface LockTimes {
  beat: number;
  stale: number;
}

const TIMES: LockTimes = { beat: 2000, stale: 10_000 };
const NAME = /^relay-[0-9a-f-]{36}\.lock$/;
/** Ms that two who came at once wait at most before they try again. */
const PAUSE = 200;

/**
 * Keeps a second relay from working in the same folder, also one in another container or on another machine: no
 * process id is asked, only signs of life that the holder writes.
 *
 * Each relay makes a lock file with a name of its own and then looks whether there is another, so of two at once
 * at least one sees the other and steps back. The file of a killed relay is renamed before it is removed, and a
 * holder writes first and then looks for its file: either the one sees the sign of life, or the other its loss.
 */
export class FolderLock {
  #beats = 0;
  #confirmed = { at: -Infinity, clock: -Infinity };
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
   * Takes the folder, which is made if missing. Waits until the lock of a killed relay has ended.
   *
   * @throws Error when another relay works in it
   */
  static async take(folder: string, times = TIMES): Promise<FolderLock> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (;;) {
      for (const path of await locksIn(folder)) await waitForEnd(folder, path, times);
      const path = join(folder, `relay-${randomUUID()}.lock`);
      // Empty until it is held, so that nobody takes one who tries for a holder.
      const lock = new FolderLock(folder, path, await open(path, 'wx', 0o600), times);
      try {
        if ((await locksIn(folder)).length === 1) {
          await lock.#start();
          return lock;
        }
      } catch (error) {
        // Else the next start would wait for its end.
        await lock.release();
        throw error;
      }
      await lock.release();
      await sleep(randomInt(PAUSE));
    }
  }

  /**
   * Returns while nobody else can have taken the folder.
   *
   * @throws Error when another relay has it, or may have it
   */
  async confirm(): Promise<void> {
    if (this.#isFresh()) return;
    await this.#beat();
    // One that was under way may have looked before this process was held up.
    if (this.#isFresh()) return;
    await this.#beat();
    if (!this.#isFresh()) throw new Error(`Failed to use ${this.folder}: it answers too slowly.`);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating?.catch(() => {});
    await this.file.close();
    await rm(this.path, { force: true });
  }

  async #start(): Promise<void> {
    await this.#beat();
    // What fails here shows when somebody asks for confirmation.
    this.#timer = setInterval(() => void this.#beat().catch(() => {}), this.times.beat).unref();
  }

  #isFresh(): boolean {
    // By two clocks: one of them may be put back, the other stands still while the machine sleeps.
    const age = Math.max(performance.now() - this.#confirmed.at, Date.now() - this.#confirmed.clock);
    // Less than the others wait.
    return !this.#isLost && age <= this.times.stale - this.times.beat;
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#signal().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  async #signal(): Promise<void> {
    const now = { at: performance.now(), clock: Date.now() };
    if (!this.#isLost) {
      await this.file.write(String(++this.#beats), 0);
      // Also past the cache of a machine that shares the folder by network.
      await this.file.datasync();
      this.#isLost = !(await this.#isThere());
    }
    if (this.#isLost) {
      throw new Error(
        `Failed to use ${this.folder}: another relay has taken it. Stop one of the two, or give it its own folder.`,
      );
    }
    this.#confirmed = now;
  }

  /** Whoever has put the file aside puts it back where the sign of life came first. */
  async #isThere(): Promise<boolean> {
    for (let left = 5; left > 0; left--) {
      if (await exists(this.path)) return true;
      if (!(await exists(asideOf(this.path)))) return exists(this.path);
      await sleep(this.times.beat / 4);
    }
    return false;
  }
}

function asideOf(path: string): string {
  return `${path}.ended`;
}

async function locksIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => NAME.test(name)).map((name) => join(folder, name));
}

/** Returns when a lock file is gone; removes it when it shows no sign of life. */
async function waitForEnd(folder: string, path: string, { beat, stale }: LockTimes): Promise<void> {
  const first = await read(path);
  if (first === undefined) return;
  const pause = beat / 4;
  // Looks are counted, not time: this process and the holder may have been held up together.
  for (let left = Math.ceil(stale / pause); left > 0; left--) {
    await sleep(pause);
    const content = await read(path);
    if (content === undefined) return;
    if (content !== first) throw inUse(folder);
  }
  const aside = asideOf(path);
  try {
    await rename(path, aside);
  } catch (error) {
    return ifMissing(error);
  }
  if ((await read(aside)) === first) return rm(aside, { force: true });
  await rename(aside, path);
  throw inUse(folder);
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ifMissing);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(ifMissing)) !== undefined;
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

function inUse(folder: string): Error {
  return new Error(
    `Failed to lock ${folder}: another relay works in this folder. Stop it, or give this one its own folder.`,
  );
}
