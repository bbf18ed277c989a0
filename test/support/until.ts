import { setTimeout as sleep } from 'node:timers/promises';

// The real clock, also where a test sets one.
const now = performance.now.bind(performance);
/** Longer than a busy machine needs, and shorter than a test may last, so that a failure says what was missing. */
const MAX_WAIT_MS = 60_000;
/** Longer than a busy machine needs for what happens at once, and half as long as a question waits (15 s). */
export const SOON_MS = 7_500;
const PAUSE_MS = 2;

/**
 * Looks again and again until there is something, and lets other work run between.
 *
 * @param look - returns what is waited for, or something falsy
 * @param what - for the error. By default the source of `look`
 * @param maxMs - for what takes long
 * @throws Error after that time, which says what was missing
 */
export async function until<T>(
  look: () => T | Promise<T>,
  what = String(look),
  maxMs = MAX_WAIT_MS,
): Promise<Exclude<T, false | '' | 0 | null | undefined>> {
  const deadline = now() + maxMs;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, false | '' | 0 | null | undefined>;
    if (now() > deadline) throw new Error(`Waited ${maxMs / 1000} s in vain until ${what}`);
    await sleep(PAUSE_MS);
  }
}
