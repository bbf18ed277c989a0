import { compareVersions, ERR_ARGUMENT, ERR_CALL } from '../protocol';
import type {
  AsyncResult,
  GetAsyncResultOptions,
  InvokeServiceOptions,
  InvokeServiceResult,
  Task,
} from '../protocol';
import type { Call } from './call';
import type { Native } from './detect';
import { readPayload } from './payload';
import { registry } from './registry';
import { parse, takeReply } from './reply';
import { limitTime, startTask } from './settle';

/** Natives below this give the result's `data` as a JSON text (protocol 11). */
const DATA_IS_PARSED_FROM = '2.10.0';

const NO_CALLBACKS = { success: undefined, fail: undefined, complete: undefined };

/** Ends the call as the native ended it: an Error, a raw object, often without a code (protocol 7). */
function failNatively(call: Call, cause: any): void {
  const text = String((cause && (cause.message || cause.errMsg)) || cause).replace(/^\w+:fail /, '');
  const { errCode, err_code, requestId, requestID } = cause || ({} as any);
  const usual = /^\w*Error: /.test(text) ? ERR_ARGUMENT : ERR_CALL;
  call.fail(errCode || err_code || usual, text, { requestId: requestId || requestID, cause });
}

/** Whether this host is older than a version. */
function isBelow(version: string): boolean {
  try {
    return compareVersions(registry().host!.getSystemInfoSync().SDKVersion, version) < 0;
  } catch {
    return false;
  }
}

/**
 * `invokeService` where the host's own code carries the call. An incomplete native looks neither at the
 * version's rule for `data` nor at a provider's error.
 */
export function invokeByNative(native: Native, options: InvokeServiceOptions): Task<InvokeServiceResult> {
  return startTask('invokeService', options, (call) => {
    const { market, complete } = native;
    const given = Object.assign({}, options, NO_CALLBACKS);
    const payload = readPayload(given.data, native.isMarker);
    if (payload.contents.length) given.data = payload.revive((content) => new market.CDN(content));
    limitTime(call, given.timeout);
    call.billing = 'unknown';
    market.invokeService(options && given).then(
      (result: any) => {
        const { data, requestId } = result;
        if (complete) call.done(Object.assign({}, result, requestId && { requestID: requestId }));
        else
          takeReply(
            call,
            typeof data === 'string' && isBelow(DATA_IS_PARSED_FROM) ? parse(data) : data,
            false,
            '',
          );
      },
      (cause: unknown) => failNatively(call, cause),
    );
  });
}

/** `getAsyncResult` where the host's own code carries it. */
export function retrieveByNative(native: Native, options: GetAsyncResultOptions): Task<AsyncResult> {
  return startTask('getAsyncResult', options, (call) => {
    native.market
      .getAsyncResult(options && Object.assign({}, options, NO_CALLBACKS))
      .then(call.done, (cause: unknown) => failNatively(call, cause));
  });
}
