import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ms before the first retry, and at most: the pause doubles each time. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** About three quarters of an hour. */
const MAX_TRIES = 100;
/** Retries that wait at once; each may hold an answer of the platform. */
const MAX_WAITING = 1000;
const ALWAYS = (): boolean => true;

/** For whom waits until the retries have ended, because nothing runs afterwards. */
export interface ForegroundRetries {
  tries: number;
  /** Ms before each. */
  pauseMs: number;
}

/** Retries work that has failed until it succeeds: in the background, and for the last time at the end. */
export class Retries {
  private readonly onEnd: (message: string, error?: unknown) => void;
  private readonly foreground?: ForegroundRetries;
  private readonly running = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  /**
   * @param onEnd - called with how it ended; with the error when it was given up
   * @param foreground - a fixed number of tries, which the process does not end before
   */
  constructor(onEnd: (message: string, error?: unknown) => void, foreground?: ForegroundRetries) {
    this.onEnd = onEnd;
    this.foreground = foreground;
    setMaxListeners(MAX_WAITING, this.ending.signal);
  }

  /**
   * @param what - for the log, for example `an outcome`
   * @param error - why the first try failed
   * @param isWanted - returns false once it need not be done any more
   * @returns when it has ended, in whichever way
   */
  async add(what: string, error: unknown, work: () => Promise<unknown>, isWanted = ALWAYS): Promise<void> {
    if (this.running.size >= MAX_WAITING) {
      return this.onEnd(`gave up storing ${what}: too much is waiting`, error);
    }
    const running = this.repeat(what, work, isWanted).finally(() => this.running.delete(running));
    this.running.add(running);
    return running;
  }

  /** How much waits. */
  get waiting(): number {
    return this.running.size;
  }

  /** Tries all of it once more. Work that is added afterwards is tried once too. */
  async end(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.running);
  }

  private async repeat(what: string, work: () => Promise<unknown>, isWanted: () => boolean): Promise<void> {
    const { foreground } = this;
    const { signal } = this.ending;
    const maxTries = foreground?.tries ?? MAX_TRIES;
    for (let tries = 1; ; tries++) {
      const pause = foreground?.pauseMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), MAX_PAUSE_MS);
      await sleep(pause, undefined, { signal, ref: foreground !== undefined }).catch(() => {});
      if (!isWanted()) return;
      try {
        await work();
        return this.onEnd(`stored ${what} after all`);
      } catch (error) {
        if (tries === maxTries || signal.aborted) return this.onEnd(`gave up storing ${what}`, error);
      }
    }
  }
}
