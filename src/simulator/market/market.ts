import type { Clock } from '../clock/types';
import { parsedOr } from '../text';
import type { Any, Market, ServiceCall } from '../types';
import {
  acceptedAnswer,
  bareAnswer,
  envelopeAnswer,
  finalAnswer,
  preliminaryAnswer,
  refusedAnswer,
  retrieveAnswer,
} from './answers';
import { BAD_API, BAD_ARGUMENT, idOf, newRequestId, Refusal } from './requests';
import type { Sender } from './requests';
import { TaskBook } from './tasks';
import type { Task } from './tasks';
import { INVOKE_API, RETRIEVE_API } from './types';
import type { Bill, MarketMessage, MarketSettings, Provider, ProviderContext } from './types';

const SCENE_CALL = 1;
const SCENE_POLL = 2;

/** The service market: understands every version of the conversation, and answers in it. */
export class MarketServer implements Market {
  billing: MarketSettings['billing'] = 'perMessage';
  wireVersion: MarketSettings['wireVersion'] = 2;
  hold = 15000;
  preResp = 0;
  pendingData: unknown = 'null';
  refuse: MarketSettings['refuse'];
  onTaskDone: MarketSettings['onTaskDone'];

  readonly messages: MarketMessage[] = [];
  private readonly book: TaskBook;

  constructor(
    private readonly clock: Clock,
    fetchBytes: ProviderContext['fetch'],
    settings: Partial<MarketSettings> = {},
  ) {
    this.book = new TaskBook(clock, fetchBytes, (done) => this.onTaskDone?.(done));
    Object.assign(this, settings);
  }

  /** Calls of services, by their first message. */
  get calls(): ServiceCall[] {
    const calls = new Map<string, ServiceCall>();
    for (const { at, channel, apiName, request } of this.messages) {
      if (apiName !== INVOKE_API || request?.scene === SCENE_POLL) continue;
      const { service_id: service, api_name: api, data } = request as Record<string, unknown>;
      const id = idOf(request);
      if (calls.has(id)) continue;
      const parsed = typeof data === 'string' ? parsedOr(data, data) : undefined;
      calls.set(id, { at, service: String(service), api: String(api), data: parsed, channel, id });
    }
    return [...calls.values()];
  }

  get bills(): Bill[] {
    return this.book.bills;
  }

  provide(key: string, provider: Provider): void {
    this.book.provide(key, provider);
  }

  /** Takes a provider away. */
  forget(key: string): void {
    this.book.forget(key);
  }

  /** Answers one message. @returns the body, a JSON string */
  async handle(sender: Sender, apiName: string, request: Any): Promise<string> {
    const { channel, pluginAppid } = sender;
    const message: MarketMessage = { at: this.clock.now(), channel, pluginAppid, apiName, request };
    this.messages.push(message);
    const version = this.versionOf(request);
    try {
      message.body = await this.answer(sender, message, version);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A question for a result has one form of answer, and it is version 1's.
      message.body = refusedAnswer(apiName === RETRIEVE_API ? 1 : version, error, newRequestId());
    }
    return message.body;
  }

  private async answer(sender: Sender, message: MarketMessage, version: number): Promise<string> {
    const { apiName, request } = message;
    const refused = this.refuse?.(message);
    if (refused) throw new Refusal(refused.errcode, refused.errmsg);
    if (apiName === RETRIEVE_API) {
      const task = this.book.longTask(sender, request?.request_id);
      return retrieveAnswer(task, newRequestId(), this.pendingData);
    }
    if (apiName !== INVOKE_API) throw new Refusal(BAD_API, `unknown api ${apiName}`);
    return version >= 2 ? this.converse(sender, request) : this.answerOnce(sender, request, version);
  }

  /** A request without a version is answered as version 0, whatever the market could do. */
  private versionOf(request: Any): number {
    const wanted = typeof request?.version === 'number' ? (request.version as number) : 0;
    return Math.min(wanted, this.wireVersion);
  }

  /** Versions 0 and 1: one message, one answer, however long it takes. Version 0 knows no long tasks. */
  private async answerOnce(sender: Sender, request: Any, version: number): Promise<string> {
    const task = this.book.begin(sender, request, this.billing);
    if (version === 0) return bareAnswer(await task.settled);
    if (task.async) return acceptedAnswer(version, task.requestId);
    return envelopeAnswer(await task.settled, task.requestId);
  }

  /** Version 2: a call or a poll, each held for a while. */
  private async converse(sender: Sender, request: Any): Promise<string> {
    const task = this.taskOf(sender, request);
    if (task.async) return acceptedAnswer(2, task.requestId);
    task.answers++;
    if (task.answers <= this.preResp) return preliminaryAnswer(task.requestId);
    await this.wait(task);
    return task.outcome ? finalAnswer(task.outcome, task.requestId) : preliminaryAnswer(task.requestId);
  }

  private taskOf(sender: Sender, request: Any): Task {
    if (request.scene === SCENE_CALL) return this.book.begin(sender, request, this.billing);
    if (request.scene === SCENE_POLL) return this.book.polled(sender, request);
    throw new Refusal(BAD_ARGUMENT, `unknown scene ${String(request.scene)}`);
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
}
