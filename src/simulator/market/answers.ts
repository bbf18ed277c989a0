import type { BridgeReplyV1, BridgeReplyV2, RetrieveReply } from '../../protocol';
import type { Refusal } from './requests';
import type { Outcome, Task } from './tasks';

/** The bodies that the market answers with, by version of the conversation (protocol 6 and 8). */

/** Version 0: the provider's bare answer, or its error. */
export function bareAnswer(outcome: Outcome): string {
  return JSON.stringify(outcome.ok ? outcome.value : { errcode: outcome.errcode, errmsg: outcome.errmsg });
}

/** Version 1: an envelope; the provider's answer is a JSON string in it. */
export function envelopeAnswer(outcome: Outcome, requestId: string): string {
  const reply: BridgeReplyV1 = outcome.ok
    ? { errcode: 0, errmsg: 'ok', request_id: requestId, data: JSON.stringify(outcome.value) }
    : { errcode: outcome.errcode, errmsg: outcome.errmsg, request_id: requestId };
  return JSON.stringify(reply);
}

/** Version 2, scene 4. */
export function finalAnswer(outcome: Outcome, requestId: string): string {
  const reply: BridgeReplyV2 = outcome.ok
    ? { scene: 4, errcode: 0, errmsg: 'ok', request_id: requestId, data: JSON.stringify(outcome.value) }
    : {
        scene: 4,
        errcode: outcome.errcode,
        errmsg: outcome.errmsg,
        request_id: requestId,
        provider_errmsg: outcome.errmsg,
      };
  return JSON.stringify(reply);
}

/** Version 2, scene 3: not ready yet, ask again. */
export function preliminaryAnswer(requestId: string): string {
  const reply: BridgeReplyV2 = { scene: 3, errcode: 0, errmsg: 'ok', request_id: requestId };
  return JSON.stringify(reply);
}

/** Accepts a long task. */
export function acceptedAnswer(version: number, requestId: string): string {
  const reply: BridgeReplyV1 = { errcode: 0, errmsg: 'ok', request_id: requestId };
  return JSON.stringify(version >= 2 ? { scene: 4, ...reply } : reply);
}

/** Refuses a message, in the form of the version that it asked for. */
export function refusedAnswer(version: number, { errcode, errmsg }: Refusal, requestId: string): string {
  const outcome: Outcome = { ok: false, errcode, errmsg };
  if (version >= 2) return finalAnswer(outcome, requestId);
  return version === 1 ? envelopeAnswer(outcome, requestId) : bareAnswer(outcome);
}

/** The answer to a question for a long task's result; `requestId` names this question. */
export function retrieveAnswer(task: Task, requestId: string, pendingData: unknown): string {
  const { outcome } = task;
  const reply: RetrieveReply = { errcode: 0, errmsg: 'ok', request_id: requestId };
  if (!outcome) Object.assign(reply, { status: 1, data: pendingData });
  else if (outcome.ok) Object.assign(reply, { status: 0, data: JSON.stringify(outcome.value) });
  else Object.assign(reply, { status: 0, provider_errmsg: outcome.errmsg });
  return JSON.stringify(reply);
}
