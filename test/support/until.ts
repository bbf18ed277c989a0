import { setTimeout as sleep } from 'node:timers/promises';

// The real clock, also where a test sets one.
const now = performance.now.bind(performance);
/** Longer than a busy machine needs, and shorter than a test may last, so that a failure says what was missing. */
const MAX_WAIT_MS = 25_000;
const PAUSE_MS = 2;

/**
 * Looks again and again until there is something, and lets other work run between.
 *
 * @param look - returns what is waited for, or something falsy
 * @param what - for the error. By default the source of `look`
 * @throws Error after 25 s, which says what was missing
 */
export async function until<T>(look: () => T | Promise<T>, what = String(look)): Promise<T> {
  const deadline = now() + MAX_WAIT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (now() > deadline) throw new Error(`Waited ${MAX_WAIT_MS / 1000} s in vain until ${what}`);
    await sleep(PAUSE_MS);
  }
}
