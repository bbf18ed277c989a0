import type { Market, Sent } from '../invocation';
import type { RelayReply, ServiceMarketAnswer } from '../protocol';
import { OpenApiError } from './open-api-error';
import { INVALID_TOKEN } from './read-json';
import type { ServiceMarketCalls } from './service-market';

/** Kept and handed on, because the text may be all that there is of a paid answer. */
const UNREADABLE_CALL =
  'Failed to tell the result: outcome unknown. The answer cannot be read; its text is in "body". The call was sent, ' +
  'may have been billed, and is not sent again under this id.';
const UNREADABLE_RESULT = 'Failed to read the result of the task. Its text is in "body". Ask again later.';

/** The service market by the platform's server, as an invoker needs it: what became of a call, and no exception. */
export function createMarket(calls: ServiceMarketCalls): Market {
  return {
    async invoke(call) {
      const sent = await sendOnce(() => calls.invokeService(call), UNREADABLE_CALL);
      if (sent.kind !== 'answer') return sent;
      const { errcode, errmsg, data, request_id: requestId, billing, body } = sent.reply;
      const reply = {
        errcode,
        errmsg,
        ...(data !== undefined && { data }),
        ...(requestId !== undefined && { request_id: requestId }),
        ...(body !== undefined && { billing, body }),
      };
      return { kind: 'answer', reply };
    },
    retrieve: (requestId) => sendOnce(() => calls.retrieve({ request_id: requestId }), UNREADABLE_RESULT),
  };
}

/** @param unreadable - the error's text for an answer that is no JSON */
async function sendOnce(send: () => Promise<ServiceMarketAnswer>, unreadable: string): Promise<Sent> {
  try {
    const answer = await send();
    return { kind: 'answer', reply: { ...answer, errcode: 0, errmsg: answer.errmsg ?? 'ok' } as RelayReply };
  } catch (error) {
    if (error instanceof OpenApiError && error.body) {
      const reply = { errcode: -2, errmsg: unreadable, billing: 'unknown' as const, body: error.body };
      return { kind: 'answer', reply };
    }
    return describeFailure(error);
  }
}

function describeFailure(error: unknown): Sent {
  if (!(error instanceof OpenApiError)) return { kind: 'lost', cause: error as Error };
  if (error.billing === 'none') return { kind: 'unsent', cause: error };
  const { errcode, errmsg = '', requestId } = error;
  // A refused token is nobody's outcome, and an answer to the call beside it says that it was carried out.
  if (errcode === undefined || INVALID_TOKEN.has(errcode)) {
    return { kind: 'lost', cause: error, isTimeout: error.timedOut };
  }
  const reply = { errcode, errmsg, ...(requestId !== undefined && { request_id: requestId }) };
  return { kind: 'answer', reply };
}
