import type { Billing, Progress } from '../protocol';

/** What an error carries besides its code and text. */
export interface Details {
  requestId?: string;
  body?: unknown;
  path?: string;
  cause?: unknown;
}

/** One running call: what every layer below `invokeService` needs to know of it, and tells it. */
export interface Call {
  /** Names the invocation on the bridge, the same on each of its messages (design.md, Money 1). */
  callId: string;
  /** Names the invocation to a relay or cloud function; on the bridge its first message. */
  clientMsgId: string;
  /** `unknown` as soon as a message that may cost money was handed to the host. */
  billing: Billing;
  /** Settled: whatever comes now is ignored, and nothing more is sent. */
  ended: boolean;
  /** Has `stop` run when the call ends, however it ends. `stop` must bear a late run. */
  onEnd(stop: () => void): void;
  /** Ends the call well, or badly with a code of protocol/errors.ts and the text after the prefix. */
  done(result: any): void;
  fail(errCode: number, text: string, details?: Details): void;
  report(progress: Progress): void;
}

/** An id as the platform makes them: `<random>_<ms>` (protocol 5). */
export function newId(): string {
  return Math.random() + '_' + Date.now();
}

/**
 * A timer that ends with its call.
 *
 * @returns runs `action` after `ms`, in the place of what was set before; without arguments just stops that
 */
export function createTimer(call: Call): (ms?: number, action?: () => void) => void {
  let timer: unknown;
  function set(ms?: number, action?: () => void) {
    clearTimeout(timer);
    if (action && !call.ended) timer = setTimeout(action, ms!);
  }
  call.onEnd(set);
  return set;
}
