import type { IncomingHttpHeaders } from 'node:http';
import type { Billing } from '../protocol';
import { createExchange, ExchangeError, type ExchangeOptions } from './exchange';
import { OpenApiError } from './open-api-error';

export interface OutgoingRequest {
  method: 'GET' | 'POST';
  path: string;
  query: Record<string, string>;
  body?: string | FormData;
  headers?: Record<string, string>;
}

export interface Answer {
  contentType: string;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

/** Sends one request to the platform, once. */
export type Send = (call: string, request: OutgoingRequest) => Promise<Answer>;

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * @param baseUrl - for example `https://api.weixin.qq.com`
 * @param timeout - ms for the whole answer
 * @throws TypeError when `baseUrl` is no http(s) URL
 */
export function createSend(baseUrl: string, timeout: number, options?: ExchangeOptions): Send {
  const exchange = createExchange(baseUrl.replace(/\/+$/, ''), timeout, options);
  return async (call, { method, path, query, body, headers: further }) => {
    const { type, content } =
      typeof body === 'object' ? await encode(body) : { type: JSON_TYPE, content: body };
    const target = `${path}?${new URLSearchParams(query)}`;
    const answer = await exchange(method, target, type, content, further).catch((error: unknown) => {
      throw asFailure(call, error, timeout);
    });
    // A redirect too: the query holds tokens, and following would hand them on.
    if (answer.status !== 200) {
      throw new OpenApiError(call, `the platform answered HTTP ${answer.status}.`, { billing: 'unknown' });
    }
    return answer;
  };
}

async function encode(form: FormData): Promise<{ type: string; content: Buffer }> {
  const encoded = new Response(form);
  return {
    type: encoded.headers.get('content-type') as string,
    content: Buffer.from(await encoded.arrayBuffer()),
  };
}

function asFailure(call: string, error: unknown, timeout: number): OpenApiError {
  const { code, hasLeft, timedOut } =
    error instanceof ExchangeError ? error : { code: 'network error', hasLeft: true, timedOut: false };
  if (timedOut) {
    return new OpenApiError(call, `no answer within ${timeout} ms.`, { billing: 'unknown', timedOut: true });
  }
  const billing: Billing = hasLeft ? 'unknown' : 'none';
  return new OpenApiError(call, `the platform could not be reached (${code}).`, { billing });
}
