import { ERR_CALL } from '../../protocol';
import { createTimer, onCallEnd } from './call';
import { failure, textOf } from './failure';
import { has } from './host';
import { isRefusal } from './refusals';
import type { Call } from './types';

/** For callbacks and rejections that need no answer. A host without callbacks returns a promise that may reject. */
export function ignore(): void {}

/** For what an API returns: Taro returns a promise besides, whose rejection is reported by `fail` already. */
export function ignoreRejection(task: any): void {
  if (has(task, 'then')) task.then(null, ignore);
}

/**
 * Calls an API of the host for a call. What still runs when the call ends is aborted where the host can; after
 * the end nothing is called.
 *
 * @param owner - the object that has the API. @default the host
 * @param onTask - called with what the API returns
 * @returns the host's result
 * @throws Failure in the terms of protocol 7, also where the host throws: `<api>:fail X`, with `(err_code n)` where
 *   the host says a code; without one, `refused` if its text says so (refusals.ts)
 */
export function callHost(
  call: Call,
  api: string,
  parameters: object,
  owner?: any,
  onTask?: (task: any) => void,
): Promise<any> {
  return new Promise((success, fail) => {
    if (call.hasEnded) return;
    const task = (owner || call.app.host)[api](Object.assign(parameters, { success, fail }));
    if (has(task, 'abort')) onCallEnd(call, () => task.abort());
    ignoreRejection(task);
    if (onTask) onTask(task);
  }).then(Object, (cause) => {
    const code = +Object(cause).err_code;
    const reason = textOf(cause);
    throw failure(
      code || ERR_CALL,
      (reason.indexOf(api) ? api + ':fail ' : '') + reason + (code ? '(err_code ' + code + ')' : ''),
      { cause, refused: !code && isRefusal(reason) },
    );
  });
}

/**
 * Asks the host for something that a call can do without.
 *
 * @returns its answer; an empty one where it fails, or says nothing within a second: Taro calls nobody back for an API
 *   that its host lacks
 */
export function askHost(call: Call, api: string, parameters: object): Promise<any> {
  return new Promise((resolve) => {
    const goOn = () => resolve({});
    createTimer(call)(1000, goOn);
    callHost(call, api, parameters).then(resolve, goOn);
  });
}

/** For `onTask` of an upload: passes on the bytes that the host reports. @param onBytes - sent, and to be sent */
export function withUploadProgress(onBytes: (sent: number, total: number) => void): (task: any) => void {
  return (task) => {
    if (!has(task, 'onProgressUpdate')) return;
    task.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }: any) => {
      // Some hosts report the percentage alone.
      if (totalBytesExpectedToSend) onBytes(totalBytesSent, totalBytesExpectedToSend);
    });
  };
}
