import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ms until work is done again: the first time, and at most. It doubles from time to time. */
const FIRST = 500;
const LONGEST = 30_000;
/** About three quarters of an hour. */
const TRIES = 100;
/** What waits at once; each may hold an answer of the platform. */
const MOST = 1000;
const ALWAYS = (): boolean => true;

/** Does work that has failed again in the background: until it succeeds, and for the last time at the end. */
export class Retries {
  readonly #running = new Set<Promise<void>>();
  readonly #ending = new AbortController();

  /** @param onEnd - told how it ended; the error when it was given up */
  constructor(private readonly onEnd: (message: string, error?: unknown) => void) {
    setMaxListeners(MOST, this.#ending.signal);
  }

  /**
   * @param what - for the log, for example `an outcome`
   * @param isWanted - false once it need not be done any more
   * @returns when it has ended, in whichever way
   */
  async add(what: string, error: unknown, work: () => Promise<unknown>, isWanted = ALWAYS): Promise<void> {
    if (this.#running.size >= MOST) return this.onEnd(`gave up storing ${what}: too much is waiting`, error);
    const running = this.#repeat(what, work, isWanted).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  /** Tries all of it once more. What is added afterwards is tried once too. */
  async end(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  async #repeat(what: string, work: () => Promise<unknown>, isWanted: () => boolean): Promise<void> {
    const { signal } = this.#ending;
    for (let tries = 1; ; tries++) {
      const pause = Math.min(FIRST * 2 ** (tries - 1), LONGEST);
      await sleep(pause, undefined, { signal, ref: false }).catch(() => {});
      if (!isWanted()) return;
      const isLast = tries === TRIES || signal.aborted;
      try {
        await work();
        return this.onEnd(`stored ${what} after all`);
      } catch (error) {
        if (isLast) return this.onEnd(`gave up storing ${what}`, error);
      }
    }
  }
}
