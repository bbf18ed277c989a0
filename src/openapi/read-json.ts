import type { Billing } from '../protocol';
import type { Answer } from './http-client';
import { OpenApiError } from './open-api-error';

/** The token was refused, so the call itself was not carried out. */
export const INVALID_TOKEN: ReadonlySet<unknown> = new Set([40001, 42001]);

/**
 * Reads a JSON answer of the platform.
 *
 * @param billing - what a failure to read it means
 * @throws OpenApiError when it is no JSON object or says `errcode` other than 0
 */
export function readJson(
  call: string,
  { bytes }: Answer,
  billing: Billing = 'unknown',
): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new OpenApiError(call, 'the answer is no JSON object.', { billing });
  }
  const { errcode, errmsg, request_id: requestId } = body as Record<string, unknown>;
  if (errcode !== undefined && errcode !== 0) {
    throw new OpenApiError(call, `${String(errcode)} ${String(errmsg ?? '')}`.trim(), {
      errcode: typeof errcode === 'number' ? errcode : undefined,
      errmsg: String(errmsg ?? ''),
      billing: INVALID_TOKEN.has(errcode) ? 'none' : billing,
      requestId: typeof requestId === 'string' ? requestId : undefined,
    });
  }
  return body as Record<string, unknown>;
}
