import type { Billing } from '../protocol';

export interface OpenApiFailure {
  /** The platform's code; absent when it gave no readable answer. */
  errcode?: number;
  errmsg?: string;
  /** `none`: the request provably never left, or was refused before it did anything. */
  billing: Billing;
  /** No answer came within the time limit. */
  timedOut?: boolean;
  requestId?: string;
  /** An answer that cannot be read. */
  body?: string;
  cause?: unknown;
}

/** A call to the platform's server that failed. Its message names the call and never holds a secret. */
export class OpenApiError extends Error {
  override readonly name = 'OpenApiError';
  readonly call: string;
  readonly reason: string;
  readonly errcode: number | undefined;
  /** The platform's own text. */
  readonly errmsg: string | undefined;
  readonly billing: Billing;
  readonly timedOut: boolean;
  readonly requestId: string | undefined;
  /** The answer's text, where it is no JSON. */
  readonly body: string | undefined;

  /**
   * @param call - the call's name, for example `security.msgSecCheck`
   * @param reason - the end of the message
   */
  constructor(call: string, reason: string, failure: OpenApiFailure) {
    super(`Failed to call ${call}: ${reason}`, { cause: failure.cause });
    this.call = call;
    this.reason = reason;
    this.errcode = failure.errcode;
    this.errmsg = failure.errmsg;
    this.billing = failure.billing;
    this.timedOut = failure.timedOut ?? false;
    this.requestId = failure.requestId;
    this.body = failure.body;
  }
}
