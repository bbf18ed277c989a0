import type { Call } from './call';
import { registry } from './registry';

/**
 * Runs `start` when one of the app's transfer slots is free: the platform has 10 for all of an app's uploads.
 * In the registry's list the first ones are in flight and the others wait.
 *
 * @param start - gets the function that gives the slot back; the end of the call does it too
 */
export function takeSlot(call: Call, start: (release: () => void) => void): void {
  const { transfers, limits } = registry();
  function release() {
    const place = transfers.indexOf(begin);
    if (place < 0) return;
    transfers.splice(place, 1);
    const next = transfers[limits.transfers - 1];
    if (next && place < limits.transfers) next();
  }
  function begin() {
    if (!call.ended) start(release);
  }
  call.stops.push(release);
  if (transfers.push(begin) <= limits.transfers) begin();
}
