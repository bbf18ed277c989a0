import type { Outcome } from '../../invocation';
import type { RelayReply } from '../../protocol';

/** What became of a call. `open`: no outcome yet; it is under way, or its process was killed, and it may be billed. */
export type CallResult = 'answered' | 'failed' | 'unknown' | 'open';

/** One call, as it is kept for at least 24 hours. Nothing in it names its user or tells what was sent. */
export interface CallRecord {
  /** `client_msg_id`. */
  id: string;
  /** Keyed digest of the user. */
  user: string;
  service: string;
  api: string;
  /** When it was claimed, in Unix ms. */
  at: number;
  /** From then until its outcome was stored. */
  ms?: number;
  result: CallResult;
  errcode?: number;
  /** The platform's request id. */
  requestId?: string;
  /** Bytes of the service's answer. */
  bytes?: number;
  /** Only where it is asked for. */
  outcome?: Outcome;
}

/** Which calls are looked for; those that have all that is given. */
export interface CallFilter {
  id?: string;
  /** Keyed digest of the user. */
  user?: string;
  /** Unix ms of the earliest claim. */
  since?: number;
  /** The answers too. */
  withAnswer?: boolean;
}

/** Calls of one user to one service on one day. */
export interface UsageRow {
  /** As `2026-11-27`, a day of the platform (UTC+8). */
  day: string;
  appid: string;
  service: string;
  /** Keyed digest of the user. */
  user: string;
  /** Calls that were sent. */
  calls: number;
  /** Those of them that were answered with an errcode. */
  failures: number;
  /** Those of them without an answer: they may have been billed. */
  unknown: number;
}

/** What an owner looks up beside a running relay. */
export interface Records {
  findCalls(filter: CallFilter): Promise<CallRecord[]>;
  /** Each row once, in any order. */
  readUsage(): Promise<UsageRow[]>;
  close(): Promise<void>;
}

/** What the records say of an outcome. */
export function resultOf(outcome: Outcome): CallResult {
  if (outcome === 'unknown' || outcome.billing === 'unknown') return 'unknown';
  return outcome.errcode === 0 ? 'answered' : 'failed';
}

/** @returns what records tell of an outcome, nothing of which a user got */
export function describeOutcome(outcome: Outcome): Pick<CallRecord, 'errcode' | 'requestId' | 'bytes'> {
  if (outcome === 'unknown') return {};
  return { errcode: outcome.errcode, requestId: outcome.request_id, bytes: bytesOf(outcome) };
}

/** @returns the bytes of the service's answer */
export function bytesOf({ data, body = '' }: RelayReply): number {
  return Buffer.byteLength(
    typeof data === 'string' ? data : data === undefined ? body : JSON.stringify(data),
  );
}
