import { ERR_ARGUMENT } from '../protocol';
import type { AsyncResult, GetAsyncResultOptions, RetrieveReply, Task } from '../protocol';
import type { Call } from './call';
import { overChannels } from './channels/choose';
import type { Native } from './detect';
import { failNatively, withoutCallbacks } from './native';
import { parse } from './reply';
import { startTask } from './settle';

/** Ends the call with the platform's result (protocol 8), readable while pending whatever `data` is. */
function takeResult(call: Call, reply: RetrieveReply): void {
  const { errcode, errmsg, status, data, provider_errmsg: providerErrMsg, request_id: requestId } = reply;
  const ids = { requestId, requestID: requestId };
  if (errcode !== 0) {
    const text = 'requestID ' + requestId + ', error message ' + (errmsg || 'unknown');
    return call.fail(+errcode || ERR_ARGUMENT, text, Object.assign({ body: reply }, ids));
  }
  call.done(
    Object.assign(
      { errCode: 0, status },
      ids,
      providerErrMsg
        ? { errMsg: 'getAsyncResult:fail provider execution error', providerErrMsg }
        : { errMsg: 'getAsyncResult:ok', data: parse(data) },
    ),
  );
}

/**
 * Asks once for the result of a long task; see `getAsyncResult` in api.ts.
 *
 * @param native - the host's market, where that carries the question
 */
export function retrieve(options: GetAsyncResultOptions, native?: Native): Task<AsyncResult> {
  return startTask('getAsyncResult', options, (call) => {
    const { requestId } = options;
    if (!requestId) throw new Error("field 'requestId' must be provided");
    if (native) {
      return native.market.getAsyncResult(withoutCallbacks(options)).then(call.done, failNatively(call));
    }
    overChannels(call, 'retrieve', (channel, refused) =>
      channel.retrieve!(call, requestId, (reply) => takeResult(call, reply || ({} as any)), refused),
    );
  });
}
