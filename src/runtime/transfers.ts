import type { Call } from './call';
import { registry } from './registry';

/** Starts what waits, as long as the app may have another transfer in flight. */
function pump(): void {
  const app = registry();
  while (app.waiting.length && app.transfers < app.limits.transfers) {
    app.transfers++;
    app.waiting.shift()!();
  }
}

/**
 * Runs `start` when one of the app's transfer slots is free; the platform has 10 for all of an app's uploads.
 *
 * @param start - gets the function that gives the slot back; the end of the call does it too
 */
export function takeSlot(call: Call, start: (release: () => void) => void): void {
  const app = registry();
  let isReleased = false;
  function release() {
    if (isReleased) return;
    isReleased = true;
    const place = app.waiting.indexOf(begin);
    if (place < 0) app.transfers--;
    else app.waiting.splice(place, 1);
    pump();
  }
  function begin() {
    start(release);
  }
  app.waiting.push(begin);
  call.onEnd(release);
  pump();
}
