import type { Clock } from '../clock/types';
import type { Any, Market } from '../types';
import {
  acceptedAnswer,
  bareAnswer,
  envelopeAnswer,
  finalAnswer,
  preliminaryAnswer,
  refusal,
  retrieveAnswer,
} from './answers';
import { dataOf, idKey, idOf, newRequestId, payerOf } from './requests';
import type { Sender } from './requests';
import { startTask } from './task';
import type { Task } from './task';
import type { Bill, MarketMessage, MarketSettings, Provider, ProviderContext } from './types';

/** Names of the two services on the wire (protocol 5 and 8). */
const INVOKE = 'webapi_servicemarket_jsapi_comm';
const RETRIEVE = 'webapi_servicemarket_jsapi_retrieve';

const SCENE_CALL = 1;
const SCENE_POLL = 2;
const ASYNC = 2;
const OPEN_ACCOUNT_PACKAGE = 2;

/** protocol 11: results of long tasks live at most so many ms. */
const RESULT_LIFE = 24 * 60 * 60 * 1000;

/** Codes of the market itself (protocol 11). */
const BAD_ARGUMENT = -1;
const LOGIC_FAILED = -3;
const BAD_API = -7;

/** The service market: starts providers, keeps results, and writes a bill for every start. */
export class MarketServer implements Market {
  billing: MarketSettings['billing'] = 'perMessage';
  wireVersion: MarketSettings['wireVersion'] = 2;
  hold = 15000;
  preResp = 0;
  pendingData: unknown = 'null';
  refuse: MarketSettings['refuse'];

  readonly bills: Bill[] = [];
  readonly messages: MarketMessage[] = [];
  private readonly providers = new Map<string, Provider>([['*', (data: unknown) => data]]);
  /** By payer and id, so that two apps never meet. */
  private readonly calls = new Map<string, Task>();
  private readonly longTasks = new Map<string, Task>();

  constructor(
    private readonly clock: Clock,
    private readonly fetchBytes: ProviderContext['fetch'],
    settings: Partial<MarketSettings> = {},
  ) {
    Object.assign(this, settings);
  }

  provide(key: string, provider: Provider): void {
    this.providers.set(key, provider);
  }

  /** Answers one message; gives the body as text. */
  async handle(sender: Sender, apiName: string, request: Any): Promise<string> {
    const { channel, pluginAppid } = sender;
    const message: MarketMessage = { at: this.clock.now(), channel, pluginAppid, apiName, request };
    this.messages.push(message);
    message.body = await this.answer(sender, message);
    return message.body;
  }

  private answer(sender: Sender, message: MarketMessage): string | Promise<string> {
    const { apiName, request } = message;
    const version = this.versionOf(request);
    const refused = this.refuse?.(message);
    if (refused) return refusal(version, refused.errcode, refused.errmsg, newRequestId());
    if (apiName === RETRIEVE) return this.retrieve(sender, request);
    if (apiName !== INVOKE) return refusal(version, BAD_API, `unknown api ${apiName}`, newRequestId());
    return version >= 2 ? this.converse(sender, request) : this.answerOnce(sender, request, version);
  }

  /** A request without a version is answered as version 0, whatever the market could do. */
  private versionOf(request: Any): number {
    const wanted = typeof request?.version === 'number' ? (request.version as number) : 0;
    return Math.min(wanted, this.wireVersion);
  }

  /** Versions 0 and 1: one message, one answer, however long it takes. */
  private async answerOnce(sender: Sender, request: Any, version: number): Promise<string> {
    const task = this.begin(sender, request, version);
    if (typeof task === 'string') return task;
    if (task.async) return version === 1 ? acceptedAnswer(task.requestId) : bareAnswer(await task.settled);
    const outcome = await task.settled;
    return version === 1 ? envelopeAnswer(outcome, task.requestId) : bareAnswer(outcome);
  }

  /** Version 2: a call or a poll, each held for a while. */
  private async converse(sender: Sender, request: Any): Promise<string> {
    const { scene } = request as { scene?: number };
    if (scene !== SCENE_CALL && scene !== SCENE_POLL) {
      return refusal(2, BAD_ARGUMENT, `unknown scene ${String(scene)}`, newRequestId());
    }
    const known = this.calls.get(idKey(sender, request));
    if (scene === SCENE_POLL && !known) {
      return refusal(2, BAD_ARGUMENT, `unknown call_id ${String(request.call_id)}`, newRequestId());
    }
    const task = scene === SCENE_POLL ? (known as Task) : this.begin(sender, request, 2);
    if (typeof task === 'string') return task;
    if (task.async) return acceptedAnswer(task.requestId);
    task.answers++;
    if (task.answers <= this.preResp) return preliminaryAnswer(task.requestId);
    await this.wait(task);
    return task.outcome ? finalAnswer(task.outcome, task.requestId) : preliminaryAnswer(task.requestId);
  }

  private async wait(task: Task): Promise<void> {
    if (task.outcome) return;
    await new Promise<void>((resolve) => {
      const timer = this.clock.setTimer(resolve, this.hold, 'hold of the market');
      void task.settled.then(() => {
        this.clock.clearTimer(timer);
        resolve();
      });
    });
  }

  /** Starts the provider and writes the bill, or finds the task that an id already has; a string refuses. */
  private begin(sender: Sender, request: Any, version: number): Task | string {
    const { service_id: service, api_name: api } = request as { service_id: string; api_name: string };
    if (!service || !api)
      return refusal(version, BAD_ARGUMENT, 'service_id or api_name missing', newRequestId());
    const provider = this.providerOf(String(service), String(api));
    if (!provider) return refusal(version, BAD_API, `unknown service ${service}/${api}`, newRequestId());
    const key = idKey(sender, request);
    const before = this.calls.get(key);
    if (before && this.billing === 'perId') return before;
    const data = dataOf(request);
    if (data instanceof Error) return refusal(version, BAD_ARGUMENT, data.message, newRequestId());
    this.bill(sender, request);
    const task = startTask(this.clock, {
      provider,
      data: data.value,
      requestId: newRequestId(),
      async: request.req_type === ASYNC,
      context: { service: String(service), api: String(api), fetch: this.fetchBytes },
    });
    this.calls.set(key, task);
    if (task.async) this.longTasks.set(`${payerOf(sender)} ${task.requestId}`, task);
    return task;
  }

  private retrieve(sender: Sender, request: Any): string {
    const asked = String(request?.request_id);
    const task = this.longTasks.get(`${payerOf(sender)} ${asked}`);
    if (!task || this.clock.now() - task.startedAt > RESULT_LIFE) {
      return JSON.stringify({
        errcode: LOGIC_FAILED,
        errmsg: `unknown request_id ${asked}`,
        request_id: newRequestId(),
      });
    }
    return retrieveAnswer(task, newRequestId(), this.pendingData);
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
