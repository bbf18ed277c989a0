import { ERR_CALL } from '../protocol';
import type { Call, Details } from './call';
import { has } from './host';
import { registry } from './registry';

/** The texts with which hosts refuse an API to an app, or say that they do not have it. */
const REFUSAL =
  /(no|without) permission|(permission|access)[ _]denied|not[ _]support|function[ _]not[ _]exist/i;

/**
 * Takes a failure of the host, in the terms of protocol 7.
 * @param text - `<api>:fail X`, with `(err_code n)` where the host gives one
 * @param isRefusal - the host has no such API or refuses it to this app: nothing left
 */
export type Failed = (errCode: number, text: string, details: Details, isRefusal: boolean) => void;

/**
 * Calls an API of the host for a call. A throw counts as the API's `fail`; what still runs when the call ends
 * is aborted where the host can; after the end nothing is called.
 *
 * @param done - gets the host's result, as often as the host gives one
 * @param failed - @default ends the call
 * @param owner - the object that has the API. @default the host
 * @returns what the API returns: a task, or nothing
 */
export function callHost(
  call: Call,
  api: string,
  parameters: object,
  done: (result: any) => void,
  failed: Failed = call.fail,
  owner: any = registry().host,
): any {
  let isOver: boolean | undefined;
  let task: any;
  function fail(cause: any) {
    isOver = true;
    const { errMsg, message, err_code: code } = cause || ({} as any);
    const reason = String(errMsg || message || cause);
    const isCoded = typeof code === 'number';
    failed(
      isCoded ? code : ERR_CALL,
      (reason.indexOf(api) ? api + ':fail ' : '') + reason + (isCoded ? '(err_code ' + code + ')' : ''),
      { cause },
      !isCoded && REFUSAL.test(reason),
    );
  }
  if (call.ended) return;
  try {
    task = owner[api](
      Object.assign(parameters, {
        success(result: unknown) {
          isOver = true;
          done(result || {});
        },
        fail,
      }),
    );
  } catch (cause) {
    fail(cause);
  }
  call.stops.push(() => {
    if (!isOver && has(task, 'abort')) task.abort();
  });
  return task;
}
