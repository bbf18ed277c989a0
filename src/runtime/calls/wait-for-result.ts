import { ERR_ARGUMENT, ERR_CALL, ERR_PROVIDER, ERR_TIMEOUT } from '../../protocol';
import type { AsyncResult, ServiceMarketError, Task, WaitForResultOptions } from '../../protocol';
import { createTimer, limitTime, onCallEnd } from '../core/call';
import { callSafely } from '../core/callbacks';
import { failure } from '../core/failure';
import { has } from '../core/host';
import { startTask } from '../core/task';
import type { RetrieveOptions } from '../core/types';

/** What the host's own getAsyncResult throws for a task that is pending without data (protocol 8). */
const NO_DATA = /^\w+:fail SyntaxError/;
/** Results are kept for 24 hours at most (protocol 11). */
const RESULT_TTL_MS = 86400000;
/** The code of the frequency limit (protocol 11). */
const TOO_OFTEN = -11;
const FIRST_INTERVAL_MS = 1000;
/** Each interval is so many times longer than the one before … */
const GROWTH = 1.5;
/** … until it is so many times the first. */
const MAX_GROWTH = 10;
/** The part of a message's time that a relay may hold a question. */
const HELD_PART = 0.75;
/** An answer that took this long was held. */
const MIN_HELD_MS = 5000;
/** `status` of a task that is not done yet (protocol 11). */
const PENDING = 1;

/**
 * Polls until a long task is done; see `waitForResult` in index.ts.
 *
 * @param ask - asks once, as getAsyncResult does
 */
export function waitByPolling(
  options: WaitForResultOptions,
  ask: (options: RetrieveOptions) => Task<AsyncResult>,
): Task<AsyncResult> {
  return startTask('waitForResult', options, (call) => {
    const { requestId, interval = FIRST_INTERVAL_MS, timeout = RESULT_TTL_MS, onPoll } = options;
    const { host, limits } = call.app;
    const setTimer = createTimer(call);
    let growth = 1;
    let question: Task<AsyncResult> | undefined;
    let askedAt = 0;

    return new Promise<AsyncResult>((resolve, reject) => {
      /** @param wasHeld - the question has waited already, at a relay that is told when the result is there */
      function wait(wasHeld?: boolean): void {
        // Jitter, because many phones start with the same event.
        setTimer(wasHeld ? 0 : interval * growth * (0.75 + Math.random() / 2), poll);
        growth = Math.min(growth * GROWTH, MAX_GROWTH);
      }
      function onResult(result: AsyncResult): void {
        question = undefined;
        if (call.hasEnded) return;
        if (result.providerErrMsg) {
          const text = '103 . requestID ' + requestId + ', error message ' + result.providerErrMsg;
          return reject(failure(ERR_PROVIDER, text, { requestId, cause: result }));
        }
        if (result.status !== PENDING) return resolve(result);
        callSafely(onPoll, result);
        wait(Date.now() - askedAt > MIN_HELD_MS);
      }
      function onError(cause: ServiceMarketError): void {
        question = undefined;
        // Asking costs nothing, so neither a failed transfer nor a rate limit is a reason to give up a paid task.
        const isTemporary = [ERR_CALL, ERR_TIMEOUT, TOO_OFTEN].indexOf(cause.errCode) >= 0;
        const isPending = cause.errCode === ERR_ARGUMENT && NO_DATA.test(cause.errMsg);
        if (isTemporary || isPending) wait();
        else reject(failure(cause.errCode, cause.errMsg.replace(/^\w+:fail /, ''), { requestId, cause }));
      }
      function poll(): void {
        if (question || call.hasEnded) return;
        askedAt = Date.now();
        // A relay answers before the phone gives the message up.
        const asked = (question = ask({ requestId, wait_ms: limits.messageTimeout * HELD_PART }));
        question.then(onResult, onError);
        // The host's own code has no limit, and may never answer.
        setTimer(limits.messageTimeout * (limits.repeats + 2), () => asked.abort());
      }

      onCallEnd(call, () => {
        if (question) question.abort();
        if (has(host, 'offAppShow')) host!.offAppShow(poll);
      });
      limitTime(call, timeout, { requestId, requestID: requestId });
      // Timers sleep while the app is in the background.
      if (has(host, 'onAppShow')) host!.onAppShow(poll);
      poll();
    });
  });
}
