import type { Billing } from '../protocol';
import type { Answer } from './http-client';
import { OpenApiError } from './open-api-error';
import { SECURITY_REFUSALS } from './security/refusals';

/** The token is not the newest, has expired, or is none: the call itself was not carried out. */
export const INVALID_TOKEN: ReadonlySet<unknown> = new Set([40001, 40014, 42001]);

/** What codes mean and how they are mended, for texts of errors. */
export type Explanations = ReadonlyMap<unknown, string>;

const STRING = /"(?:[^"\\]|\\[\s\S])*"/g;
const CONTROL_CHARACTER = /[^ -\uffff]/g;

/**
 * Reads a JSON answer of the platform.
 *
 * @param billing - what a failure to read it means
 * @param explanations - of codes beside those of API security
 * @throws OpenApiError when it is no JSON object or says `errcode` other than 0; with `body`, its text, when it is no
 *   JSON at all
 */
export function readJson(
  call: string,
  { bytes }: Answer,
  billing: Billing = 'unknown',
  explanations?: Explanations,
): Record<string, unknown> {
  const answer = parseAnswer(bytes);
  if (answer === undefined) {
    throw new OpenApiError(call, 'the answer is no JSON.', { billing, body: textOf(bytes) });
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new OpenApiError(call, 'the answer is no JSON object.', { billing });
  }
  const { errcode: code, errmsg, request_id: requestId, data } = answer as Record<string, unknown>;
  const errcode = asNumber(code);
  if (errcode !== undefined && errcode !== 0) {
    // With either of them it was carried out, whatever the code says.
    const isRefusal = INVALID_TOKEN.has(errcode) || SECURITY_REFUSALS.has(errcode);
    const wasRefused = isRefusal && requestId === undefined && data === undefined;
    throw new OpenApiError(call, describe(errcode, errmsg, explanations), {
      errcode: typeof errcode === 'number' ? errcode : undefined,
      errmsg: String(errmsg ?? ''),
      billing: wasRefused ? 'none' : billing,
      requestId: typeof requestId === 'string' ? requestId : undefined,
    });
  }
  return answer as Record<string, unknown>;
}

/** The documentation of `/sns/component/jscode2session` shows its codes as strings. */
function asNumber(errcode: unknown): unknown {
  return typeof errcode === 'string' && /^-?\d{1,15}$/.test(errcode) ? Number(errcode) : errcode;
}

function describe(errcode: unknown, errmsg: unknown, explanations?: Explanations): string {
  const text = `${String(errcode)} ${String(errmsg ?? '')}`.trim();
  const explanation = SECURITY_REFUSALS.get(errcode) ?? explanations?.get(errcode);
  return explanation === undefined ? text : `${text.replace(/\.$/, '')}. ${explanation}`;
}

/**
 * Parses an answer. Providers' texts come with line breaks and other control characters that JSON does not allow in a
 * string.
 *
 * @returns undefined where it is no JSON
 */
export function parseAnswer(bytes: Buffer): unknown {
  const text = textOf(bytes);
  return (
    tryParse(text) ??
    tryParse(text.replace(STRING, (string) => string.replace(CONTROL_CHARACTER, escapeCharacter)))
  );
}

function textOf(bytes: Buffer): string {
  return bytes.toString().replace(/^\ufeff/, '');
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
