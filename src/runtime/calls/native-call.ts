import type { InvokeServiceOptions, InvokeServiceResult, ServiceMarket } from '../../protocol';
import { markSent } from '../core/call';
import { has, isBelow } from '../core/host';
import type { Call } from '../core/types';
import { parse, readReply } from '../channels/reply';
import { hasNativeMember } from '../install/native-market';
import type { Payload } from '../payload/payload';

/** Natives below this return the result's `data` as a JSON string (protocol 11). */
const DATA_IS_PARSED_FROM = '2.10.0';

/**
 * Calls a member of the host's own market, which may answer by callbacks, as the platform's does, or by a promise
 * alone.
 *
 * @param options - the page's; its `complete` is taken out, because the page's callbacks are served by the task
 */
export function callNativeMember(call: Call, member: keyof ServiceMarket, options: object): Promise<any> {
  return new Promise((success, fail) => {
    const own = Object.assign({}, options, { success, fail, complete: undefined });
    const task = call.app.nativeMarket[member](own);
    if (has(task, 'then')) task.then(success, fail);
  });
}

/**
 * Lets the host's own code carry a call. An incomplete native market checks neither the version's rule for `data`
 * nor a provider's error, so that is done here.
 *
 * @param options - a copy of the page's; its data gets the host's own markers
 */
export function callNatively(
  call: Call,
  options: InvokeServiceOptions,
  payload: Payload,
): Promise<InvokeServiceResult> {
  const { app } = call;
  if (payload.contents.length) options.data = payload.revive((content) => new app.nativeMarket.CDN(content));
  markSent(call);
  return callNativeMember(call, 'invokeService', options).then((result) => {
    let { data } = result;
    if (hasNativeMember(app, 'getAsyncResult')) return Object.assign({ requestID: result.requestId }, result);
    if (typeof data === 'string' && isBelow(app.host, DATA_IS_PARSED_FROM)) data = parse(data);
    return typeof data === 'string' || data === null
      ? Object.assign({}, result, { data })
      : readReply(call, data, false) || result;
  });
}
