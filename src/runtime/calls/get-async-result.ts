import { ERR_ARGUMENT } from '../../protocol';
import type { AsyncResult, RetrieveReply, Task } from '../../protocol';
import { idsOf, parse, textOfError } from '../channels/reply';
import { withFirstAvailableChannel } from '../channels/select-channel';
import { failure } from '../core/failure';
import { startTask } from '../core/task';
import type { RetrieveOptions } from '../core/types';
import { hasNativeMember } from '../install/native-market';
import { callNativeMember } from './native-call';

/**
 * Makes the platform's result (protocol 8), readable while pending whatever `data` is.
 *
 * @throws Failure with the server's error
 */
function readResult(reply: RetrieveReply): AsyncResult {
  const { errcode, provider_errmsg: providerErrMsg } = reply;
  if (errcode !== 0) {
    const details = Object.assign({ body: reply }, idsOf(reply));
    throw failure(+errcode || ERR_ARGUMENT, textOfError(reply, reply.errmsg), details);
  }
  return Object.assign(
    { errCode: 0, status: reply.status },
    idsOf(reply),
    providerErrMsg
      ? { errMsg: 'getAsyncResult:fail provider execution error', providerErrMsg }
      : { errMsg: 'getAsyncResult:ok', data: parse(reply.data) },
  );
}

/** Asks once for the result of a long task; see `getAsyncResult` in api.ts. */
export function retrieve(options: RetrieveOptions): Task<AsyncResult> {
  return startTask('getAsyncResult', options, (call) => {
    const { requestId, wait_ms } = options;
    if (!requestId) throw new Error("field 'requestId' must be provided");
    if (hasNativeMember(call.app, 'getAsyncResult')) return callNativeMember(call, 'getAsyncResult', options);
    return withFirstAvailableChannel(call, 'retrieve', (channel) =>
      channel.retrieve(call, requestId, wait_ms),
    ).then(readResult);
  });
}
