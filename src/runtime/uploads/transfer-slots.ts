import type { Call } from '../core/call';
import { registry } from '../core/registry';

/**
 * Runs `transfer` when one of the app's transfer slots is free: the platform has 10 for all of an app's uploads.
 * In the registry's list the first ones are in flight and the others wait. The end of the call gives its slots
 * back too.
 */
export function inTurn<R>(call: Call, transfer: () => Promise<R>): Promise<R> {
  const app = registry();
  return new Promise((resolve) => {
    let isWaiting = true;
    function begin(): void {
      if (!isWaiting || call.ended) return;
      isWaiting = false;
      const result = transfer();
      resolve(result);
      result.then(release, release);
    }
    function advance(): void {
      app.transfers.slice(0, app.limits.transfers).forEach((one) => one());
    }
    function release(): void {
      app.transfers = app.transfers.filter((one) => one !== begin);
      advance();
    }
    call.stops.push(release);
    app.transfers.push(begin);
    advance();
  });
}
