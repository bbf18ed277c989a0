import type { NativeCall } from '../types';

/** How a native failure looks. An `errMsg` that does not begin with the API's name is prefixed with `<api>:fail `. */
export interface FailReply {
  errMsg: string;
  err_code?: number;
  errCode?: number;
}

export type FaultEffect =
  /** The reply comes this many ms later. */
  | { delay: number }
  /** `request`: nothing happens at all; `reply`: it is done, but no answer comes. */
  | { lose: 'request' | 'reply' }
  /** The reply is delivered this many times more. */
  | { duplicate: number }
  /** This string is the body: of the market's answer, of the HTTP response, of an upload's response. */
  | { malformed: string }
  /** `reply.data` of operateWXData is this very value. */
  | { rawReply: unknown }
  /** The native call fails; with `after` only once it has been carried out. */
  | { fail: FailReply; after?: boolean }
  /** An upload that succeeds without a URL. */
  | { noUrl: true }
  /** `reply.data` of operateWXData is missing. */
  | { replyWithoutData: true };

/** One thing that goes wrong. Several faults may meet on one call; all their effects apply. */
export interface Fault {
  /** Name of the native call, for example `operateWXData`, `uploadToCommonCDN`, `request`, `uploadFile`. */
  api: string;
  /** Only the nth call that matches `api` and `when`, from 1. @default every one */
  nth?: number;
  /** At most so many calls. @default no limit */
  times?: number;
  when?: (call: NativeCall) => boolean;
  effect: FaultEffect;
}

/** What every kind of fault says about how often it strikes. */
interface Counted {
  /** Only the nth that matches, from 1. */
  nth?: number;
  /** At most so many. */
  times?: number;
}

/** Faults that were set, and how often each has matched and struck. */
export class FaultList<F extends Counted> {
  private readonly active: { fault: F; matched: number; struck: number }[] = [];

  add(fault: F): void {
    this.active.push({ fault, matched: 0, struck: 0 });
  }

  /** The faults that strike now, in the order they were set. */
  take(matches: (fault: F) => boolean): F[] {
    const striking = this.active.filter((entry) => {
      const { nth, times = Infinity } = entry.fault;
      if (!matches(entry.fault)) return false;
      entry.matched++;
      return (nth === undefined || nth === entry.matched) && entry.struck < times;
    });
    for (const entry of striking) entry.struck++;
    return striking.map(({ fault }) => fault);
  }
}

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
