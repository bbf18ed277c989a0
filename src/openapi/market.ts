import type { Market, Sent } from '../invocation';
import type { RelayReply, ServiceMarketAnswer } from '../protocol';
import { OpenApiError } from './open-api-error';
import type { ServiceMarketCalls } from './service-market';

/** The service market by the platform's server, as an invoker needs it: what became of a call, and no exception. */
export function createMarket(calls: ServiceMarketCalls): Market {
  return {
    async invoke(call) {
      const sent = await sendOnce(() => calls.invokeService(call));
      if (sent.kind !== 'answer') return sent;
      const { errcode, errmsg, data, request_id: requestId } = sent.reply;
      const reply = {
        errcode,
        errmsg,
        ...(data !== undefined && { data }),
        ...(requestId !== undefined && { request_id: requestId }),
      };
      return { kind: 'answer', reply };
    },
    retrieve: (requestId) => sendOnce(() => calls.retrieve({ request_id: requestId })),
  };
}

async function sendOnce(send: () => Promise<ServiceMarketAnswer>): Promise<Sent> {
  try {
    const answer = await send();
    return { kind: 'answer', reply: { ...answer, errcode: 0, errmsg: answer.errmsg ?? 'ok' } as RelayReply };
  } catch (error) {
    return describeFailure(error);
  }
}

function describeFailure(error: unknown): Sent {
  if (!(error instanceof OpenApiError)) return { kind: 'lost', cause: error as Error };
  if (error.billing === 'none') return { kind: 'unsent', cause: error };
  const { errcode, errmsg = '', requestId } = error;
  if (errcode === undefined) return { kind: 'lost', cause: error, isTimeout: error.timedOut };
  const reply = { errcode, errmsg, ...(requestId !== undefined && { request_id: requestId }) };
  return { kind: 'answer', reply };
}
