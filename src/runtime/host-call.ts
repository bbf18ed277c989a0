import { ERR_CALL } from '../protocol';
import type { Call } from './call';
import { has } from './host';
import { registry } from './registry';

/** The texts with which hosts refuse an API to an app, or say that they do not have it. */
const REFUSAL =
  /(no|without) permission|(permission|access)[ _]denied|not[ _]support|function[ _]not[ _]exist/i;

/** A failure of the host, in the terms of protocol 7. */
export interface Failure {
  errCode: number;
  /** `<api>:fail X`, with `(err_code n)` where the host gives one. */
  text: string;
  /** The host has no such API or refuses it to this app: nothing left, another channel may try. */
  refused: boolean;
  cause: unknown;
}

function toFailure(api: string, cause: any): Failure {
  const reason = String((cause && (cause.errMsg || cause.message)) || cause);
  const code = cause && cause.err_code;
  const isCoded = typeof code === 'number';
  return {
    errCode: isCoded ? code : ERR_CALL,
    text: (reason.indexOf(api) ? api + ':fail ' : '') + reason + (isCoded ? '(err_code ' + code + ')' : ''),
    refused: !isCoded && REFUSAL.test(reason),
    cause,
  };
}

/**
 * Calls an API of the host for a call. A throw counts as the API's `fail`; what still runs when the call ends
 * is aborted where the host can; after the end nothing is called.
 *
 * @param done - gets the host's result, as often as the host gives one
 * @param failed - @default ends the call
 * @returns what the API returns: a task, or nothing
 */
export function callHost(
  call: Call,
  api: string,
  parameters: object,
  done: (result: any) => void,
  failed?: (failure: Failure) => void,
): any {
  let isRunning = true;
  let task: any;
  function fail(cause: unknown) {
    const failure = toFailure(api, cause);
    isRunning = false;
    if (failed) failed(failure);
    else call.fail(failure.errCode, failure.text, { cause });
  }
  if (call.ended) return;
  try {
    task = registry().host![api](
      Object.assign(parameters, {
        success(result: unknown) {
          isRunning = false;
          done(result || {});
        },
        fail,
      }),
    );
  } catch (cause) {
    fail(cause);
  }
  call.onEnd(() => {
    if (isRunning && has(task, 'abort')) task.abort();
  });
  return task;
}
