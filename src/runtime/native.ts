import { ERR_ARGUMENT, ERR_CALL } from '../protocol';
import type { InvokeServiceOptions } from '../protocol';
import type { Call } from './call';
import type { Native } from './detect';
import { isBelow } from './host';
import type { Payload } from './payload';
import { registry } from './registry';
import { parse, takeReply } from './reply';

/** Natives below this give the result's `data` as a JSON text (protocol 11). */
const DATA_IS_PARSED_FROM = '2.10.0';

/** A page's options for the native, whose promise is wanted. */
export function withoutCallbacks<O extends object>(options: O): O {
  return Object.assign({}, options, { success: 0, fail: 0, complete: 0 });
}

/** Ends the call as the native ended it: with an Error, a raw object, often without a code (protocol 7). */
export function failNatively(call: Call): (cause: any) => void {
  return (cause) => {
    const { message, errMsg, errCode } = cause || ({} as any);
    const text = String(message || errMsg || cause).replace(/^\w+:fail /, '');
    call.fail(
      errCode || (/^\w*Error: /.test(text) ? ERR_ARGUMENT : ERR_CALL),
      text,
      Object.assign({ cause }, cause),
    );
  };
}

/**
 * Lets the host's own code carry a call. An incomplete native looks neither at the version's rule for `data`
 * nor at a provider's error.
 */
export function callNatively(
  call: Call,
  native: Native,
  options: InvokeServiceOptions,
  payload: Payload,
): void {
  const { market, complete } = native;
  const given = withoutCallbacks(options);
  if (payload.contents.length) given.data = payload.revive((content) => new market.CDN(content));
  call.billing = 'unknown';
  market
    .invokeService(given)
    .then((result: any) => {
      const { data, requestId: requestID } = result;
      if (complete) return call.done(Object.assign({ requestID }, result));
      const value =
        typeof data === 'string' && isBelow(registry().host, DATA_IS_PARSED_FROM) ? parse(data) : data;
      if (typeof value === 'string' || value === null) call.done(Object.assign({}, result, { data: value }));
      else takeReply(call, value, false, '');
    })
    .then(null, failNatively(call));
}
