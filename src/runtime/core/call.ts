import { ERR_TIMEOUT, MAX_TIMER_MS } from '../../protocol';
import type { Progress } from '../../protocol';
import { callSafely } from './callbacks';
import { type Details, failure } from './failure';
import type { Call } from './types';

/** An id as the platform makes them: `<random>_<ms>` (protocol 5). */
export function newId(): string {
  return Math.random() + '_' + Date.now();
}

/**
 * Marks a call as one that may cost money. To be called immediately before a message that may is handed to the host:
 * from then on `billing` of its errors is 'unknown', and no other channel is tried (design.md, Money 3).
 */
export function markSent(call: Call): void {
  call.billing = 'unknown';
}

/** Marks a call as one that has cost nothing: its only message certainly did not reach the market. */
export function markUnsent(call: Call): void {
  call.billing = 'none';
}

/** Runs `cleanup` when the call settles; immediately where it has settled already. */
export function onCallEnd(call: Call, cleanup: () => void): void {
  if (call.hasEnded) cleanup();
  else call.cleanups.push(cleanup);
}

/**
 * Makes a timer that stops when its call ends.
 *
 * @returns runs `action` after `ms`, instead of what was set before; never where `ms` is more than 24 days.
 *   Called without arguments, it only stops what was set
 */
export function createTimer(call: Call): (ms?: number, action?: () => void) => void {
  let timer: unknown;
  function set(ms?: number, action?: () => void) {
    clearTimeout(timer);
    if (action && !call.hasEnded && ms! <= MAX_TIMER_MS) timer = setTimeout(action, ms!);
  }
  onCallEnd(call, set);
  return set;
}

/** Ends the call with 104 after the page's own time limit. @param ms - 0 or absent: no limit */
export function limitTime(call: Call, ms: number | undefined, details?: Details): void {
  if (ms) {
    createTimer(call)(ms, () =>
      call.fail(failure(ERR_TIMEOUT, '104 . timeout after ' + ms + ' ms', details)),
    );
  }
}

/** Reports to the page's listeners how far a call is. @param progress - 0 to 100 */
export function reportProgress(
  call: Call,
  phase: Progress['phase'],
  progress: number,
  totalBytesSent: number,
  totalBytesExpectedToSend: number,
): void {
  if (call.hasEnded) return;
  call.progressListeners.forEach((listener) =>
    callSafely(listener, { phase, progress, totalBytesSent, totalBytesExpectedToSend }),
  );
}
