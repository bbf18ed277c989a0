import { ERR_ARGUMENT, ERR_CALL } from '../protocol';
import type { Callbacks, Task } from '../protocol';
import { type Call, newId } from './call';

/** Runs a callback of the page. One that throws is reported and hurts nobody else (protocol 3). */
export function run(callback: unknown, value?: unknown): void {
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
  const given = options || {};
  const { success, fail, complete } = given;
  const call = {
    callId: newId(),
    clientMsgId: given.clientMsgId || newId(),
    billing: 'none',
    stops: [],
    listeners: [],
  } as unknown as Call;

  const task = new Promise<R>((resolve, reject) => {
    function end(settle: (outcome: any) => void, outcome: unknown) {
      if (call.ended) return;
      call.ended = true;
      settle(outcome);
      call.stops.forEach((stop) => run(stop));
    }
    call.done = (result) => end(resolve, result);
    call.fail = (errCode, text, details) => {
      const errMsg = api + ':fail ' + text;
      const { billing, callId, clientMsgId } = call;
      end(
        reject,
        Object.assign(new Error(errMsg), details, { errMsg, errCode, billing, callId, clientMsgId }),
      );
    };
    try {
      work(call);
    } catch (cause) {
      call.fail(ERR_ARGUMENT, String(cause), { path: (cause as any).path, cause });
    }
  }) as Task<R>;

  task.abort = () => call.fail(ERR_CALL, 'abort');
  task.onProgressUpdate = (listener) => {
    call.listeners.push(listener);
  };
  if (wantsCallbacks(given)) {
    const tell = (callback: unknown) => (outcome: unknown) => {
      run(callback, outcome);
      run(complete, outcome);
    };
    task.then(tell(success), tell(fail));
  }
  return task;
}
