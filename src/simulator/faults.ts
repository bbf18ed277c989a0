import { FaultList } from './fault-list';
import type { FailReply, Fault, FaultEffect } from './fault-types';
import type { NativeCall } from './types';

/** What the faults that matched one call do to it, put together. */
export interface Effects {
  delay: number;
  lose?: 'request' | 'reply';
  duplicates: number;
  fail?: FailReply;
  /** The failure comes only once the call has been carried out. */
  failAfter: boolean;
  /** Changes made to the reply, in the order the faults were set. */
  changes: FaultEffect[];
}

const EFFECTS = ['delay', 'lose', 'duplicate', 'malformed', 'rawReply', 'fail', 'noUrl', 'replyWithoutData'];

/** The faults of one host. */
export class Faults {
  private readonly list = new FaultList<Fault>();

  /** @throws Error for an effect that is not known */
  add(fault: Fault): void {
    const keys = Object.keys(fault.effect);
    if (!keys.some((key) => EFFECTS.includes(key))) {
      throw new Error(
        `Failed to set a fault: effect {${keys.join()}} is unknown. Use one of ${EFFECTS.join(', ')}.`,
      );
    }
    this.list.add(fault);
  }

  /** The effects on this call. */
  take(call: NativeCall): Effects {
    const effects: Effects = { delay: 0, duplicates: 0, failAfter: false, changes: [] };
    const striking = this.list.take(({ api, when }) => api === call.api && (!when || when(call)));
    for (const { effect } of striking) apply(effects, effect);
    return effects;
  }
}

function apply(effects: Effects, effect: FaultEffect): void {
  if ('delay' in effect) effects.delay += effect.delay;
  else if ('lose' in effect) effects.lose = effect.lose;
  else if ('duplicate' in effect) effects.duplicates += effect.duplicate;
  else if ('fail' in effect) {
    effects.fail = effect.fail;
    effects.failAfter = effect.after === true;
  } else effects.changes.push(effect);
}

/** Applies the faults that change a successful reply. */
export function changeReply(reply: Record<string, unknown>, changes: FaultEffect[]): Record<string, unknown> {
  const changed = { ...reply };
  for (const change of changes) {
    if ('malformed' in change) changed.body = change.malformed;
    else if ('rawReply' in change) changed.rawReply = change.rawReply;
    else if ('replyWithoutData' in change) changed.rawReply = undefined;
    else if ('noUrl' in change) {
      delete changed.fileUrl;
      if ('body' in changed) changed.body = '{}';
    }
  }
  return changed;
}
