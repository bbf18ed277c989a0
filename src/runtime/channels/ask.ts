import { ERR_TIMEOUT } from '../../protocol';
import { type Call, createTimer, type Details } from '../call';
import { registry } from '../registry';

/** Takes the loss of a message. */
export type Lost = (errCode: number, text: string, details?: Details) => void;

/**
 * Sends a question, and again after a loss or 20 s: a relay or cloud function answers a repeat with the outcome
 * that it has stored under the same id, and sends nothing twice (design.md, Money 1 and 6).
 *
 * @param send - sends it once and ends the call with the answer, or tells of a loss. Only the loss of the newest
 *   message counts: of an older one, which is no longer waited for, an answer is still good
 */
export function ask(call: Call, send: (lost: Lost) => void): void {
  const { limits } = registry();
  const setTimer = createTimer(call);
  let repeats = 0;

  function start(): void {
    const order = repeats;
    function lost(errCode: number, text: string, details?: Details): void {
      if (order !== repeats) return;
      if (repeats++ < limits.repeats) setTimer(limits.pollInterval, start);
      else call.fail(errCode, text, details);
    }
    setTimer(limits.messageTimeout, () =>
      lost(ERR_TIMEOUT, '104 . timeout for retry, cannot retry fetching the result anymore'),
    );
    send(lost);
  }
  start();
}
