import { ERR_ARGUMENT } from '../protocol';
import type { AsyncResult, GetAsyncResultOptions, RetrieveReply, Task } from '../protocol';
import type { Call } from './call';
import { overChannels } from './channels/choose';
import { parse } from './reply';
import { startTask } from './settle';

/** `status` of a task that is not done yet (protocol 11). */
export const PENDING = 1;

/** Ends the call with the platform's result (protocol 8), readable while pending whatever `data` is. */
function takeResult(call: Call, reply: RetrieveReply, asked: string): void {
  const {
    errcode,
    errmsg,
    status,
    data,
    provider_errmsg: providerErrMsg,
    request_id: id,
  } = reply || ({} as any);
  const requestId = id || asked;
  if (errcode !== 0) {
    const text = 'requestID ' + id + ', error message ' + (errmsg || 'unknown');
    return call.fail(errcode || ERR_ARGUMENT, text, { requestId, body: reply });
  }
  const result: any = { errCode: 0, errMsg: 'getAsyncResult:ok', status, requestId, requestID: requestId };
  if (providerErrMsg) {
    result.errMsg = 'getAsyncResult:fail provider execution error';
    result.providerErrMsg = providerErrMsg;
  } else if (status === PENDING) {
    result.data = parse(data);
  } else {
    try {
      result.data = JSON.parse(data as string);
    } catch (cause) {
      return call.fail(ERR_ARGUMENT, String(cause), { requestId, body: data, cause });
    }
  }
  call.done(result);
}

/** `getAsyncResult` where the shim carries it; see `getAsyncResult` in api.ts. */
export function retrieveByShim(options: GetAsyncResultOptions): Task<AsyncResult> {
  return startTask('getAsyncResult', options, (call) => {
    const { requestId } = options;
    if (!requestId) throw new Error("field 'requestId' must be provided");
    overChannels(call, 'retrieve', (channel, refused) =>
      channel.retrieve!(call, requestId, (reply) => takeResult(call, reply, requestId), refused),
    );
  });
}
