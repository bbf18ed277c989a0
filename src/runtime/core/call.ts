import { ERR_TIMEOUT } from '../../protocol';
import type { Billing, Configuration, Progress } from '../../protocol';
import { type Details, failure } from './failure';

/**
 * One running call: what every layer below `invokeService` needs to know of it, and tells it. Calls go from
 * copy to copy of the package with the channels, so the names are a format (see Registry).
 */
export interface Call {
  /** Names the invocation on the bridge, the same on each of its messages (design.md, Money 1). */
  callId: string;
  /** Names the invocation to a relay or cloud function; on the bridge its first message. */
  clientMsgId: string;
  /** As it was at the call: no message of it goes to another relay, function or user than the first. */
  configuration: Configuration;
  /** `unknown` as soon as a message that may cost money was handed to the host. */
  billing: Billing;
  /** The server said of the last message that it sent nothing on. */
  isUnsent?: boolean;
  /** Settled: whatever comes now is ignored, and nothing more is sent. */
  ended?: boolean;
  /** Run when the call ends, however it ends; they must bear a late run. */
  stops: Array<() => void>;
  listeners: Array<(progress: Progress) => void>;
  /** The session with the relay that its last message used (channels/session.ts). */
  session?: any;
  /** File IDs in the cloud that go with the call (channels/cloud.ts). */
  files?: string[];
  /** Ends the call from outside of its work: a time limit, `abort()`. @param cause - a Failure, or anything thrown */
  fail(cause: unknown): void;
}

/** Longer than that, hosts fire a timer at once (ms). */
const LONGEST_TIMER = 2147483647;

/** An id as the platform makes them: `<random>_<ms>` (protocol 5). */
export function newId(): string {
  return Math.random() + '_' + Date.now();
}

/**
 * A timer that ends with its call.
 *
 * @returns runs `action` after `ms`, or never where that is more than 24 days, in the place of what was set before;
 *   without arguments just stops that
 */
export function createTimer(call: Call): (ms?: number, action?: () => void) => void {
  let timer: unknown;
  function set(ms?: number, action?: () => void) {
    clearTimeout(timer);
    if (action && !call.ended && ms! <= LONGEST_TIMER) timer = setTimeout(action, ms!);
  }
  call.stops.push(set);
  return set;
}

/** Ends the call with 104 after the page's own time limit. @param ms - 0 or absent: no limit */
export function limitTime(call: Call, ms: number | undefined, details?: Details): void {
  if (ms) {
    createTimer(call)(ms, () =>
      call.fail(failure(ERR_TIMEOUT, '104 . timeout after ' + ms + ' ms', details)),
    );
  }
}
