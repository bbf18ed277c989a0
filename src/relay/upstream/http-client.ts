import type { Billing } from '../../protocol';
import { OpenApiError } from './open-api-error';

export interface OutgoingRequest {
  method: 'GET' | 'POST';
  path: string;
  query: Record<string, string>;
  body?: string | FormData;
}

export interface Answer {
  contentType: string;
  bytes: Buffer;
}

/** Sends one request to the platform, once. */
export type Send = (call: string, request: OutgoingRequest) => Promise<Answer>;

/** Failures that arise before a byte of the request has left. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * @param baseUrl - for example `https://api.weixin.qq.com`
 * @param timeout - ms for the whole answer
 */
export function createSend(baseUrl: string, timeout: number): Send {
  const base = baseUrl.replace(/\/+$/, '');
  return async (call, { method, path, query, body }) => {
    try {
      const response = await fetch(`${base}${path}?${new URLSearchParams(query)}`, {
        method,
        body,
        // The query holds tokens: a redirect would hand them on.
        redirect: 'error',
        signal: AbortSignal.timeout(timeout),
        ...(typeof body === 'string' && { headers: { 'content-type': 'application/json; charset=utf-8' } }),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) {
        throw new OpenApiError(call, `the platform answered HTTP ${response.status}.`, {
          billing: 'unknown',
        });
      }
      return { contentType: response.headers.get('content-type') ?? '', bytes };
    } catch (error) {
      throw error instanceof OpenApiError ? error : asFailure(call, error as Error, timeout);
    }
  };
}

function asFailure(call: string, error: Error, timeout: number): OpenApiError {
  if (error.name === 'TimeoutError') {
    return new OpenApiError(call, `no answer within ${timeout} ms.`, { billing: 'unknown', timedOut: true });
  }
  const code = codeOf(error);
  const billing: Billing = NEVER_LEFT.has(code) ? 'none' : 'unknown';
  return new OpenApiError(call, `the platform could not be reached (${code}).`, { billing });
}

/** The system's code alone: the whole error may name the URL, whose query holds secrets. */
function codeOf({ cause }: Error): string {
  const { code, errors } = (cause ?? {}) as { code?: string; errors?: { code?: string }[] };
  return code ?? errors?.[0]?.code ?? 'network error';
}
