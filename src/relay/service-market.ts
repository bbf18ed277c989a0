import type { Sender, Sent } from '../invocation';
import { type OpenApi, OpenApiError } from '../openapi';
import type { RelayReply, ServiceMarketAnswer } from '../protocol';

/** Sends calls by the client of the platform's server. @param openApi - without one nothing can be sent */
export function createSender(openApi: OpenApi | undefined): Sender {
  return {
    async send(call): Promise<Sent> {
      if (!openApi) throw new Error('Failed to call the platform: there is no client for it.');
      try {
        return { kind: 'answer', reply: asReply(await openApi.serviceMarket.invokeService(call)) };
      } catch (error) {
        return asSent(error);
      }
    },
  };
}

function asSent(error: unknown): Sent {
  if (!(error instanceof OpenApiError)) return { kind: 'lost', cause: error as Error };
  if (error.billing === 'none') return { kind: 'unsent', cause: error };
  const { errcode, errmsg = '', requestId } = error;
  if (errcode === undefined) return { kind: 'lost', cause: error, isTimeout: error.timedOut };
  return {
    kind: 'answer',
    reply: { errcode, errmsg, ...(requestId !== undefined && { request_id: requestId }) },
  };
}

function asReply({ errmsg, data, request_id }: ServiceMarketAnswer): RelayReply {
  return {
    errcode: 0,
    errmsg: errmsg ?? 'ok',
    ...(data !== undefined && { data }),
    ...(request_id !== undefined && { request_id }),
  };
}
