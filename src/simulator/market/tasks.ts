import type { Clock } from '../clock/types';
import type { Any } from '../types';
import {
  BAD_API,
  BAD_ARGUMENT,
  dataOf,
  idKey,
  idOf,
  LOGIC_FAILED,
  newRequestId,
  payerOf,
  Refusal,
} from './requests';
import type { Sender } from './requests';
import type { Bill, MarketSettings, Provider, ProviderContext, ProviderError } from './types';

export type Outcome = { ok: true; value: unknown } | { ok: false; errcode: number; errmsg: string };

/** One run of a provider. */
export interface Task {
  requestId: string;
  startedAt: number;
  outcome?: Outcome;
  settled: Promise<Outcome>;
  /** Answers so far, for MarketSettings.preResp. */
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
function startTask(clock: Clock, run: Run): Task {
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

const ASYNC = 2;
const OPEN_ACCOUNT_PACKAGE = 2;

/** protocol 11: how long results of long tasks are kept, at most (ms). */
const RESULT_TTL_MS = 24 * 60 * 60 * 1000;

/** The providers with their running and finished tasks, and the bills. */
export class TaskBook {
  readonly bills: Bill[] = [];
  private readonly providers = new Map<string, Provider>([['*', (data: unknown) => data]]);
  /** By payer and id, so that two apps never meet. */
  private readonly calls = new Map<string, Task>();
  private readonly longTasks = new Map<string, Task>();

  constructor(
    private readonly clock: Clock,
    private readonly fetchBytes: ProviderContext['fetch'],
    private readonly onTaskDone: NonNullable<MarketSettings['onTaskDone']> = () => {},
  ) {}

  provide(key: string, provider: Provider): void {
    this.providers.set(key, provider);
  }

  forget(key: string): void {
    this.providers.delete(key);
  }

  /**
   * Starts the provider and writes the bill; where repeats are recognised, returns the existing task of the id.
   *
   * @throws Refusal before anything is started
   */
  begin(sender: Sender, request: Any, billing: MarketSettings['billing']): Task {
    const { service_id: service, api_name: api } = request as { service_id: string; api_name: string };
    if (!service || !api) throw new Refusal(BAD_ARGUMENT, 'service_id or api_name missing');
    const provider = this.providerOf(String(service), String(api));
    if (!provider) throw new Refusal(BAD_API, `unknown service ${service}/${api}: nothing provides it`);
    const key = idKey(sender, request);
    const before = this.calls.get(key);
    if (before && billing === 'perId') return before;
    const data = dataOf(request);
    this.bill(sender, request);
    const task = startTask(this.clock, {
      provider,
      data,
      requestId: newRequestId(),
      async: request.req_type === ASYNC,
      context: { service: String(service), api: String(api), fetch: this.fetchBytes },
    });
    this.calls.set(key, task);
    if (task.async) this.keepLongTask(sender, task, String(service), String(api));
    return task;
  }

  /** The task of a call that polls. @throws Refusal when the id is unknown */
  polled(sender: Sender, request: Any): Task {
    const task = this.calls.get(idKey(sender, request));
    if (!task) throw new Refusal(BAD_ARGUMENT, `unknown call_id ${String(request.call_id)}`);
    return task;
  }

  /** The long task of a request id. @throws Refusal when it is another payer's, unknown or too old */
  longTask(sender: Sender, requestId: unknown): Task {
    const task = this.longTasks.get(`${payerOf(sender)} ${String(requestId)}`);
    if (task && this.clock.now() - task.startedAt <= RESULT_TTL_MS) return task;
    throw new Refusal(LOGIC_FAILED, `unknown request_id ${String(requestId)}`);
  }

  private keepLongTask(sender: Sender, task: Task, service: string, api: string): void {
    const { requestId } = task;
    this.longTasks.set(`${payerOf(sender)} ${requestId}`, task);
    void task.settled.then((outcome) => {
      if (outcome.ok) this.onTaskDone({ appid: sender.appid, service, api, requestId, value: outcome.value });
    });
  }

  private bill(sender: Sender, request: Any): void {
    const { consume_type: type, consume_appid: payer } = request as Record<string, unknown>;
    this.bills.push({
      id: idOf(request),
      by: type === OPEN_ACCOUNT_PACKAGE && payer ? String(payer) : payerOf(sender),
      service: String(request.service_id),
      api: String(request.api_name),
      at: this.clock.now(),
      channel: sender.channel,
    });
  }

  private providerOf(service: string, api: string): Provider | undefined {
    return [`${service}/${api}`, `${service}/*`, '*'].map((key) => this.providers.get(key)).find(Boolean);
  }
}
