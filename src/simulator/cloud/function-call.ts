import { isFailure, NativeFailure } from '../client/natives';
import type { Perform, Reply } from '../client/natives';
import { refusalOf } from '../apis/callbacks';
import type { Env } from '../host/env';
import { cloudError, isUnanswered, traceWords, unanswered } from './failures';
import type { TraceEntry } from './failures';

/** How long newer libraries wait for an answer before they ask again. */
const PATIENCE_MS = 15_000;
/** How often they send a call again, after failures of the client and after silence each. */
const MAX_REPEATS = 2;

export interface FunctionCall {
  name: string;
  params: Record<string, unknown>;
  /** @throws NativeFailure where it is refused before anything is sent */
  prepare(): Perform;
}

/**
 * Calls a function of the cloud. Newer libraries send the call again by themselves; nothing says that the cloud runs it
 * once then, so here it runs as often as it arrives.
 *
 * @param settle - called with the reply, or the Error that page code gets
 */
export function callFunction(env: Env, call: FunctionCall, settle: (outcome: Reply | Error) => void): void {
  const { name, params } = call;
  const repeats = env.profile.cloudFailures !== 'v2_3';
  const callId = `${Math.floor(env.clock.now())}-${Math.random()}`;
  const trace: TraceEntry[] = [{ at: env.clock.now(), text: 'start' }];
  let perform: Perform;

  function note(text: string, isLast: boolean): void {
    trace.push({ at: env.clock.now(), text: `${text}, ${isLast ? 'abort' : 'retry'}` });
  }

  function end(reply: Reply): void {
    settle(isFailure(reply) ? cloudError(env, name, reply, callId, trace) : reply);
  }

  function attempt(failures: number, silences: number): void {
    let isOver = false;
    const timer = repeats && env.clock.setTimer(onSilence, PATIENCE_MS, `patience of ${name}`);

    function onSilence(): void {
      isOver = true;
      const isLast = silences === MAX_REPEATS;
      note('timeout', isLast);
      if (isLast) end(unanswered(name));
      else attempt(failures, silences + 1);
    }

    env.natives.call(name, params, perform, (reply) => {
      if (isOver) return;
      isOver = true;
      if (timer) env.clock.clearTimer(timer);
      if (!isFailure(reply)) return end(reply);
      const isLast = !isUnanswered(reply) || failures === MAX_REPEATS;
      note(traceWords(reply), isLast);
      if (isLast || !repeats) end(reply);
      else attempt(failures + 1, silences);
    });
  }

  try {
    perform = call.prepare();
  } catch (error) {
    if (!(error instanceof NativeFailure)) throw error;
    const reply = refusalOf(name, error);
    note(traceWords(reply), true);
    return end(reply);
  }
  attempt(0, 0);
}
