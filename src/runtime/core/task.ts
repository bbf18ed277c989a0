import { ERR_ARGUMENT, ERR_CALL } from '../../protocol';
import type { Callbacks, Task } from '../../protocol';
import { type Call, newId } from './call';
import { failure, textOf } from './failure';
import { registry } from './registry';

/** Runs a callback of the page. One that throws is reported and hurts nobody else (protocol 3). */
export function run(callback: unknown, value?: unknown): void {
  try {
    if (typeof callback === 'function') callback(value);
  } catch (error) {
    if (typeof console !== 'undefined') console.error(error);
  }
}

/** Whether the platform would answer by callbacks alone: any of the three is truthy (protocol 3). */
export function wantsCallbacks(options: Callbacks<any> | undefined): unknown {
  return options && (options.success || options.fail || options.complete);
}

/**
 * Starts a call: settles it once, stops whatever still runs at its end, and serves its callbacks.
 *
 * @param api - the prefix of all texts
 * @param options - the page's argument, for callbacks and `clientMsgId`
 * @param work - does the call. It throws or rejects with a Failure, or with what the page's data or the host's
 *   own code threw, which is printed as the platform prints it
 */
export function startTask<R>(api: string, options: any, work: (call: Call) => R | PromiseLike<R>): Task<R> {
  const given = options || {};
  const call = {
    callId: newId(),
    clientMsgId: given.clientMsgId || newId(),
    configuration: registry().configuration,
    billing: 'none',
    stops: [],
    listeners: [],
  } as unknown as Call;

  const task = new Promise<R>((resolve, reject) => {
    function end(settle: (outcome: any) => void, outcome: unknown): void {
      if (call.ended) return;
      call.ended = true;
      settle(outcome);
      call.stops.forEach(run);
    }
    call.fail = (cause: any) => {
      const prefix = api + ':fail ';
      // The host's own code has put the prefix there already.
      const text = textOf(cause).replace(RegExp('^(Error: )?' + prefix), '');
      const error = Object.assign(new Error(prefix + text), { cause }, cause);
      error.errMsg = error.message = prefix + text;
      error.errCode = error.errCode || (/^\w*Error: /.test(text) ? ERR_ARGUMENT : ERR_CALL);
      error.billing = call.billing;
      error.callId = call.callId;
      error.clientMsgId = call.clientMsgId;
      end(reject, error);
    };
    new Promise<R>((start) => start(work(call))).then((result) => end(resolve, result), call.fail);
  }) as Task<R>;

  task.abort = () => call.fail(failure(ERR_CALL, 'abort'));
  task.onProgressUpdate = (listener) => {
    call.listeners.push(listener);
  };
  if (wantsCallbacks(given)) {
    const tell = (callback: unknown) => (outcome: unknown) => {
      run(callback, outcome);
      run(given.complete, outcome);
    };
    task.then(tell(given.success), tell(given.fail));
  }
  return task;
}
