import type { Clock } from '../clock/types';
import { LOGIC_FAILED } from './refusal';
import type { ProviderError } from './types';
import type { Provider, ProviderContext } from './types';

export type Outcome = { ok: true; value: unknown } | { ok: false; errcode: number; errmsg: string };

/** One run of a provider. */
export interface Task {
  requestId: string;
  startedAt: number;
  outcome?: Outcome;
  settled: Promise<Outcome>;
  /** Answers given so far, for MarketSettings.preResp. */
  answers: number;
  /** A long task: its result waits for a question by request id. */
  async: boolean;
}

export interface Run {
  provider: Provider;
  data: unknown;
  requestId: string;
  async: boolean;
  context: Pick<ProviderContext, 'service' | 'api' | 'fetch'>;
}

/** Starts a provider at once. Its failure is an outcome, never a rejection. */
export function startTask(clock: Clock, run: Run): Task {
  const { provider, data, requestId, async, context } = run;
  const task: Task = {
    requestId,
    startedAt: clock.now(),
    answers: 0,
    async,
    settled: clock
      .hold(async (sleep) => provider(data, { ...context, now: () => clock.now(), sleep }))
      .then((value): Outcome => ({ ok: true, value: value ?? null }), failed)
      .then((outcome) => (task.outcome = outcome)),
  };
  return task;
}

function failed(error: unknown): Outcome {
  const { errcode, errmsg } = error as Partial<ProviderError>;
  if (typeof errcode === 'number') return { ok: false, errcode, errmsg: String(errmsg) };
  return { ok: false, errcode: LOGIC_FAILED, errmsg: error instanceof Error ? error.message : String(error) };
}
