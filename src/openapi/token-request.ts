/** Requests that get tokens: they cost nothing, and what they send and get is secret. */
import type { OutgoingRequest, Send } from './http-client';
import { OpenApiError } from './open-api-error';
import { type Explanations, readJson } from './read-json';
import type { AccessToken } from './token-store';

/** A token is not handed out any more this long before it expires, or half its life if that is less. */
const MARGIN_MS = 300_000;

/**
 * Sends a request and reads its answer.
 *
 * @param secrets - what the request holds: the platform's text goes into logs, and it may repeat what it was sent
 * @throws OpenApiError with billing `none`
 */
export async function requestTokens(
  send: Send,
  call: string,
  request: OutgoingRequest,
  secrets: readonly string[],
  explanations?: Explanations,
): Promise<Record<string, unknown>> {
  const answer = await send(call, request).catch((error: OpenApiError) => {
    throw new OpenApiError(call, error.reason, { billing: 'none', timedOut: error.timedOut });
  });
  try {
    return readJson(call, answer, 'none', explanations);
  } catch (error) {
    const { reason, errcode, errmsg } = error as OpenApiError;
    const redact = (text: string): string =>
      secrets.reduce((clean, secret) => clean.split(secret).join('***'), text);
    throw new OpenApiError(call, redact(reason), {
      errcode,
      errmsg: errmsg && redact(errmsg),
      billing: 'none',
    });
  }
}

/**
 * @param value - the token, as the answer has it
 * @param life - its `expires_in`, seconds
 * @param now - Unix ms
 * @throws OpenApiError where the answer has none
 */
export function readToken(call: string, value: unknown, life: unknown, now: number): AccessToken {
  if (typeof value !== 'string' || typeof life !== 'number') {
    throw new OpenApiError(call, 'the answer has no token.', { billing: 'none' });
  }
  return { value, expiresAt: now + life * 1000 - Math.min(MARGIN_MS, life * 500) };
}
