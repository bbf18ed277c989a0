import { ERR_ARGUMENT, ERR_CALL, ERR_PROVIDER, ERR_TIMEOUT } from '../../protocol';
import type { AsyncResult, ServiceMarketError, Task, WaitForResultOptions } from '../../protocol';
import { createTimer, limitTime } from '../core/call';
import { failure } from '../core/failure';
import { has } from '../core/host';
import { registry } from '../core/registry';
import { run, startTask } from '../core/task';

/** What the host's own getAsyncResult throws for a task that is pending without data (protocol 8). */
const NO_DATA = /^\w+:fail SyntaxError/;
/** Results live at most 24 hours (protocol 11). */
const LIFE_OF_A_RESULT = 86400000;
/** The code of the frequency limit (protocol 11). */
const TOO_OFTEN = -11;
const FIRST_INTERVAL = 1000;
const GROWTH = 1.5;
/** `status` of a task that is not done yet (protocol 11). */
const PENDING = 1;
const MOST_GROWTH = 10;

/** Polls until a long task is done; see `waitForResult` in index.ts. */
export function waitByPolling(
  options: WaitForResultOptions,
  ask: (options: { requestId: string }) => Task<AsyncResult>,
): Task<AsyncResult> {
  return startTask('waitForResult', options, (call) => {
    const { requestId, interval = FIRST_INTERVAL, timeout = LIFE_OF_A_RESULT, onPoll } = options;
    const { host, limits } = registry();
    const setTimer = createTimer(call);
    let growth = 1;
    let question: Task<AsyncResult> | undefined;

    return new Promise<AsyncResult>((resolve, reject) => {
      function wait(): void {
        // Jitter, because many phones start with the same event.
        setTimer(interval * growth * (0.75 + Math.random() / 2), poll);
        growth = Math.min(growth * GROWTH, MOST_GROWTH);
      }
      function polled(result: AsyncResult): void {
        question = undefined;
        if (call.ended) return;
        if (result.providerErrMsg) {
          const text = '103 . requestID ' + requestId + ', error message ' + result.providerErrMsg;
          return reject(failure(ERR_PROVIDER, text, { requestId, cause: result }));
        }
        if (result.status !== PENDING) return resolve(result);
        run(onPoll, result);
        wait();
      }
      function missed(cause: ServiceMarketError): void {
        question = undefined;
        // Asking costs nothing, so neither a failed transfer nor a limit is a reason to give a paid task up.
        const isPassing = [ERR_CALL, ERR_TIMEOUT, TOO_OFTEN].indexOf(cause.errCode) >= 0;
        const isPending = cause.errCode === ERR_ARGUMENT && NO_DATA.test(cause.errMsg);
        if (isPassing || isPending) wait();
        else reject(failure(cause.errCode, cause.errMsg.replace(/^\w+:fail /, ''), { requestId, cause }));
      }
      function poll(): void {
        if (question || call.ended) return;
        const asked = (question = ask({ requestId }));
        question.then(polled, missed);
        // The host's own code has no limit, and may never answer.
        setTimer(limits.messageTimeout * (limits.repeats + 2), () => asked.abort());
      }

      call.stops.push(() => {
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
