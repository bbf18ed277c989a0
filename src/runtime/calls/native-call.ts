import type { InvokeServiceOptions, InvokeServiceResult, ServiceMarket } from '../../protocol';
import type { Call } from '../core/call';
import { carries } from '../install/native-market';
import { has, isBelow } from '../core/host';
import type { Payload } from '../payload/payload';
import { registry } from '../core/registry';
import { parse, readReply } from '../channels/reply';

/** Natives below this give the result's `data` as a JSON text (protocol 11). */
const DATA_IS_PARSED_FROM = '2.10.0';

/** Asks the host's own code, which may answer by callbacks, as the platform's does, or by a promise alone. */
export function askNative(member: keyof ServiceMarket, options: object): Promise<any> {
  return new Promise((success, fail) => {
    const task = registry().market[member](Object.assign({}, options, { success, fail, complete: 0 }));
    if (has(task, 'then')) task.then(success, fail);
  });
}

/**
 * Lets the host's own code carry a call. An incomplete native looks neither at the version's rule for `data`
 * nor at a provider's error.
 */
export function callNatively(
  call: Call,
  given: InvokeServiceOptions,
  payload: Payload,
): Promise<InvokeServiceResult> {
  const { market, host } = registry();
  if (payload.contents.length) given.data = payload.revive((content) => new market.CDN(content));
  call.billing = 'unknown';
  return askNative('invokeService', given).then((result) => {
    let { data } = result;
    if (carries('getAsyncResult')) return Object.assign({ requestID: result.requestId }, result);
    if (typeof data === 'string' && isBelow(host, DATA_IS_PARSED_FROM)) data = parse(data);
    return typeof data === 'string' || data === null
      ? Object.assign({}, result, { data })
      : readReply(call, data, false) || result;
  });
}
