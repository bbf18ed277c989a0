import { ERR_ARGUMENT, ERR_CALL, ERR_TIMEOUT } from '../protocol';
import type { Callbacks, Progress, ServiceMarketError, Task } from '../protocol';
import { type Call, createTimer, newId } from './call';

/** A throwing callback is reported and hurts nobody else (protocol 3). */
function run(callback: unknown, value?: unknown): void {
  try {
    if (typeof callback === 'function') callback(value);
  } catch (error) {
    if (typeof console !== 'undefined') console.error(error);
  }
}

/** Whether the platform would answer by callbacks alone: any of the three is truthy (protocol 3). */
export function wantsCallbacks(options: Callbacks<any> | undefined): boolean {
  return !!options && !!(options.success || options.fail || options.complete);
}

/**
 * Starts a call: settles it once, stops whatever still runs at its end, and serves its callbacks.
 *
 * @param api - the prefix of all texts
 * @param options - the page's argument, for callbacks and `clientMsgId`
 * @param work - does the call and ends it by `call.done` or `call.fail`; what it throws is a fault of the
 *   arguments and printed as the platform prints it
 */
export function startTask<R>(api: string, options: any, work: (call: Call) => void): Task<R> {
  const { success, fail, complete, clientMsgId } = options || ({} as any);
  const stops: Array<() => void> = [];
  const listeners: Array<(progress: Progress) => void> = [];
  const call = {
    callId: newId(),
    clientMsgId: clientMsgId || newId(),
    billing: 'none',
    ended: false,
    onEnd(stop) {
      stops.push(stop);
    },
    report(progress) {
      listeners.forEach((listener) => run(listener, progress));
    },
  } as Call;

  const task = new Promise<R>((resolve, reject) => {
    function end(settle: (outcome: any) => void, outcome: unknown) {
      call.ended = true;
      settle(outcome);
      stops.forEach((stop) => run(stop));
    }
    call.done = (result) => {
      if (!call.ended) end(resolve, result);
    };
    call.fail = (errCode, text, details) => {
      if (call.ended) return;
      const errMsg = api + ':fail ' + text;
      const { billing, callId, clientMsgId } = call;
      const error: ServiceMarketError = Object.assign(new Error(errMsg), details, {
        errMsg,
        errCode,
        billing,
        callId,
        clientMsgId,
      });
      if (error.requestId) error.requestID = error.requestId;
      end(reject, error);
    };
    try {
      work(call);
    } catch (cause) {
      call.fail(ERR_ARGUMENT, String(cause), { path: (cause as any).path, cause });
    }
  }) as Task<R>;

  task.abort = () => call.fail(ERR_CALL, 'abort');
  task.onProgressUpdate = (listener) => {
    listeners.push(listener);
  };
  if (success || fail || complete) {
    task.then(
      (result) => {
        run(success, result);
        run(complete, result);
      },
      (error) => {
        run(fail, error);
        run(complete, error);
      },
    );
  }
  return task;
}

/** Ends the call with 104 after the page's own time limit. @param ms - 0 or absent: no limit */
export function limitTime(call: Call, ms: number | undefined): void {
  if (ms) createTimer(call)(ms, () => call.fail(ERR_TIMEOUT, '104 . timeout after ' + ms + ' ms'));
}
