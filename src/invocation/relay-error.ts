import type { Billing } from '../protocol';

export interface RelayErrorDetails {
  /** Seconds after which the same request may succeed. */
  retryAfter?: number;
  /** Whether the call may have been billed. @default what `billingOf` says */
  billing?: Billing;
  /** For metrics, where the status does not tell. */
  reason?: 'budget' | 'denied';
  /** For the log; never sent. */
  cause?: unknown;
}

/**
 * Every refusal of the relay: its HTTP status, and the `errcode` that pages read. Where the platform
 * documents a code for the same cause that code is used.
 *
 * | status                            | errcode | cause                                   |
 * |-----------------------------------|---------|-----------------------------------------|
 * | 400 to 422 but 401, 403           | -1      | the request is wrong                    |
 * | 401                               | 40001   | no session, or a credential was refused |
 * | 403                               | -7      | the service / api pair is not listed    |
 * | 429                               | -11     | over a limit                            |
 * | 5xx                               | -2      | the relay or the platform failed        |
 */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly statusCode: number;
  readonly details: RelayErrorDetails;

  /**
   * @param statusCode - HTTP status of the answer
   * @param message - sent to the client as `errmsg`: never a secret or a path
   */
  constructor(statusCode: number, message: string, details: RelayErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.statusCode = statusCode;
    this.details = details;
  }
}

/**
 * A store failed before anything was sent.
 *
 * @param billing - `unknown` where something may have been sent under the same id before
 */
export function storeFailed(cause: unknown, billing: Billing = 'none'): RelayError {
  const text = 'Failed to accept the request: a store of the relay cannot be used. Try again later.';
  return new RelayError(503, text, { billing, cause });
}

/** The `errcode` that belongs to an HTTP status; see the table above. */
export function errcodeOf(statusCode: number): number {
  if (statusCode === 401) return 40001;
  if (statusCode === 403) return -7;
  if (statusCode === 429) return -11;
  return statusCode >= 500 ? -2 : -1;
}

/**
 * What an error says of the bill where nothing else is known: a request that was refused was not sent on, and
 * a failure inside the relay may have come after that.
 */
export function billingOf(statusCode: number): Billing {
  return statusCode < 500 ? 'none' : 'unknown';
}
