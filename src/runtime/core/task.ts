import { ERR_ARGUMENT, ERR_CALL } from '../../protocol';
import type { Task } from '../../protocol';
import { newId } from './call';
import { callSafely, serveCallbacks } from './callbacks';
import { failure, textOf } from './failure';
import { registry } from './registry';
import type { Call } from './types';

/** Makes the page's Error from whatever ended a call. @param api - the prefix of its text */
function toError(api: string, call: Call, cause: any): Error {
  const prefix = api + ':fail ';
  // The host's own code has put the prefix there already.
  const text = textOf(cause).replace(RegExp('^(Error: )?' + prefix), '');
  const error = Object.assign(new Error(prefix + text), { cause }, cause);
  error.errMsg = error.message = prefix + text;
  error.errCode = error.errCode || (/^\w*Error: /.test(text) ? ERR_ARGUMENT : ERR_CALL);
  error.billing = call.billing;
  error.callId = call.callId;
  error.clientMsgId = call.clientMsgId;
  delete error.refused;
  return error;
}

/**
 * Starts a call: settles it once, cleans up at its end, and serves its callbacks.
 *
 * @param api - the prefix of all texts
 * @param options - the page's argument, for callbacks and `clientMsgId`
 * @param execute - does the call. It throws or rejects with a Failure, or with what the page's data or the host's
 *   own code threw, which is printed as the platform prints it
 * @returns rejects with an Error that carries `errMsg`, `errCode`, `billing`, `callId` and `clientMsgId`
 */
export function startTask<R>(
  api: string,
  options: any,
  execute: (call: Call) => R | PromiseLike<R>,
): Task<R> {
  const call = {
    app: Object.assign({}, registry()),
    callId: newId(),
    clientMsgId: (options && options.clientMsgId) || newId(),
    billing: 'none',
    cleanups: [],
    progressListeners: [],
  } as unknown as Call;

  const task = new Promise<R>((resolve, reject) => {
    function end(settle: (outcome: any) => void, outcome: unknown): void {
      if (call.hasEnded) return;
      call.hasEnded = true;
      settle(outcome);
      call.cleanups.forEach((cleanup) => callSafely(cleanup));
    }
    call.fail = (cause) => end(reject, toError(api, call, cause));
    new Promise<R>((start) => start(execute(call))).then((result) => end(resolve, result), call.fail);
  }) as Task<R>;

  task.abort = () => call.fail(failure(ERR_CALL, 'abort'));
  task.onProgressUpdate = (listener) => {
    call.progressListeners.push(listener);
  };
  serveCallbacks(options, task);
  return task;
}
