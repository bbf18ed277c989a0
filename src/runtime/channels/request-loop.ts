import {
  ERR_CALL,
  ERR_POLLS,
  ERR_TIMEOUT,
  RETRY_NONE,
  RETRY_SYSTEM_ERROR,
  RETRY_TIMEOUT,
  SCENE_CALL,
  SCENE_POLL,
} from '../../protocol';
import { createTimer, markUnsent } from '../core/call';
import { type Details, type Failure, failure } from '../core/failure';
import { neverConnected } from '../core/refusals';
import type { Call } from '../core/types';

/**
 * What became of one message. `isUnsent`: it certainly has not reached the market. `details`: what an error of the
 * answer carries besides.
 */
export type Answer = { isUnsent?: boolean; details?: Details } & (
  | { kind: 'answer'; body: any }
  /** No answer came; the message may have arrived, so its outcome is asked for under the same id. */
  | { kind: 'lost'; cause: Failure }
  /** Asking again is of no use. */
  | { kind: 'fatal'; cause: Failure }
);

/** What became of a message that the host failed to carry: only without a code it may have arrived. */
export function toLoss(cause: Failure): Answer {
  const isFatal = cause.errCode !== ERR_CALL || /cancel$/.test(cause.errMsg);
  return { kind: isFatal ? 'fatal' : 'lost', cause, isUnsent: cause.refused };
}

/** The same of a message over the network: one for which there was no connection has not arrived. */
export function toNetworkLoss(cause: Failure): Answer {
  const answer = toLoss(cause);
  // A code is an answer: a function may fail with such words too.
  if (answer.kind === 'lost' && neverConnected(cause.errMsg)) answer.isUnsent = true;
  return answer;
}

/** One entry of the platform's trace of a call: `H:M:S start`, `H:M:S normal poll`. */
function traceEntry(time: Date, step: string): string {
  return time.getHours() + ':' + time.getMinutes() + ':' + time.getSeconds() + ' ' + step;
}

/**
 * Sends the messages of one call (protocol 7, 9; design.md, Money 1 and 2): the call itself, a poll for each "not
 * yet", and after a loss at most `repeats` polls under the same id. A first message is never sent twice, unless it
 * certainly did not leave, or the app opted in with `retries.resend`.
 *
 * @param send - sends a message; its promise always resolves
 * @param read - reads the body of an answer; returns undefined for "not yet". `traceSuffix` returns the end of its
 *   error texts
 * @returns what `read` returned. Rejects with a Failure; if certainly no message has reached the market, the call is
 *   marked as unsent again
 */
export function requestWithPolling<R>(
  call: Call,
  send: (scene: number, retryReason: number) => Promise<Answer>,
  read: (body: any, traceSuffix: () => string) => R | undefined,
): Promise<R> {
  const { limits, configuration } = call.app;
  const { retries } = configuration;
  const setTimer = createTimer(call);
  const trace: string[] = [];
  let repeats = 0;
  /** The number of the message whose answer is waited for; 0 between messages. */
  let pendingMessage = 0;
  /** A message was lost or timed out, and may have reached the market; one that was answered has. */
  let mayHaveArrived = false;

  function traceSuffix(): string {
    return ' (callId: ' + call.callId + ') (trace: ' + trace.join('->') + ')';
  }

  return new Promise((resolve, reject) => {
    function fail(cause: Failure): void {
      setTimer();
      if (!mayHaveArrived) markUnsent(call);
      reject(cause);
    }

    function post(scene: number, reason: number, step: string): void {
      const sentAt = new Date();
      const order = trace.push(traceEntry(sentAt, step));
      pendingMessage = order;

      /** Sends the next message after a pause, or ends with `fault` where no more are allowed. */
      function scheduleNext(nextReason: number, nextStep: string, fault: Failure): void {
        if (order >= limits.messages || (nextReason !== RETRY_NONE && repeats++ >= limits.repeats)) {
          return fail(fault);
        }
        pendingMessage = 0;
        const isResent = !mayHaveArrived || (nextReason !== RETRY_NONE && retries && retries.resend);
        // The platform's loop would spend 52 messages in a second on a quick server. Not longer than a pause:
        // the phone's clock may have been put back meanwhile.
        const ms = Math.min(+sentAt + limits.pollInterval - Date.now(), limits.pollInterval);
        setTimer(ms, () => post(isResent ? SCENE_CALL : SCENE_POLL, nextReason, nextStep));
      }

      setTimer(limits.messageTimeout, () => {
        mayHaveArrived = true;
        const text = '104 . timeout for retry, cannot retry fetching the result anymore';
        scheduleNext(RETRY_TIMEOUT, 'timeout', failure(ERR_TIMEOUT, text + traceSuffix()));
      });

      send(scene, reason).then((answer) => {
        if (!answer.isUnsent) mayHaveArrived = true;
        if (answer.kind === 'answer') {
          try {
            const result = read(answer.body, traceSuffix);
            // A good answer counts whenever it arrives.
            if (result) return resolve(result);
          } catch (cause) {
            answer = { kind: 'fatal', cause: Object.assign(cause as Failure, answer.details) };
          }
        }
        // Ignore anything else about a message that has already timed out.
        if (pendingMessage !== order) return;
        if (answer.kind === 'answer') {
          const fault = failure(ERR_POLLS, '102 . exceed max poll retry' + traceSuffix());
          return scheduleNext(RETRY_NONE, 'normal poll', fault);
        }
        const { cause } = answer;
        // Refused at once: another channel may do it. Later on an earlier message may have arrived.
        const isRefused = cause.refused && !mayHaveArrived;
        if (answer.kind === 'lost' && !isRefused) scheduleNext(RETRY_SYSTEM_ERROR, 'system error', cause);
        else fail(cause);
      });
    }

    post(SCENE_CALL, RETRY_NONE, 'start');
  });
}
