import { ERR_CALL } from '../../protocol';
import type { Call } from './call';
import { failure, textOf } from './failure';
import { has } from './host';
import { registry } from './registry';

/** The texts with which hosts refuse an API to an app, or say that they do not have it. */
const REFUSAL = /(no|without) permission|(permission|access).denied|not.support|function.not.exist/i;

/**
 * Calls an API of the host for a call. What still runs when the call ends is aborted where the host can; after
 * the end nothing is called.
 *
 * @param owner - the object that has the API. @default the host
 * @returns the host's result. A failure of the host, also a throw, is told in the terms of protocol 7:
 *   `<api>:fail X`, with `(err_code n)` where the host gives one; `refused` where it gives none and refuses the API
 */
export function callHost(call: Call, api: string, parameters: object, owner?: any): Promise<any> {
  return new Promise((success, fail) => {
    if (call.ended) return;
    const task = (owner || registry().host)[api](Object.assign(parameters, { success, fail }));
    if (has(task, 'abort')) call.stops.push(() => task.abort());
    // Taro gives a promise besides; its rejection is told by `fail`.
    if (has(task, 'then')) task.then(null, Object);
  }).then(Object, (cause) => {
    const code = +Object(cause).err_code;
    const reason = textOf(cause);
    throw failure(
      code || ERR_CALL,
      (reason.indexOf(api) ? api + ':fail ' : '') + reason + (code ? '(err_code ' + code + ')' : ''),
      { cause, refused: !code && REFUSAL.test(reason) },
    );
  });
}
