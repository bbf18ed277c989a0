import {
  type CallRules,
  Invoker,
  Limiter,
  type Market,
  prepareInvocation,
  RelayError,
  retrieveResult,
  type RunLimits,
  type Services,
  type UserLimits,
} from '../../invocation';
import type { RelayInvokeRequest, RelayReply } from '../../protocol';
import type { Database } from './database';
import { DatabaseCounters } from './database-counters';
import { DatabaseOutcomes } from './database-outcomes';
import { PushedResults } from './pushed-results';
import type { SecuritySettings } from './security';

/** The content of settings.json, which is the owner's. */
export interface FunctionSettings extends Partial<UserLimits> {
  services: Services;
  /** Present where the platform pushes the results of long tasks to this function. */
  push?: { mode?: 'safe' | 'plain' };
  /** Of calls by HTTPS. */
  security?: SecuritySettings;
}

/** A run answers within the 20 s that a page waits for a message, and stores what it can before. */
const RUN: RunLimits = { maxWaitMs: 18_000, storeRetries: 2, storePauseMs: 300 };

export interface CallsOptions {
  database: Database;
  market: Market;
  settings: FunctionSettings;
  /** Removes a file of the cloud's storage by its id, where calls have files. */
  deleteFile?: (fileId: string) => Promise<unknown>;
  /** Called with what the page need not know. */
  log: (message: string, error?: unknown) => void;
}

/** Calls of a function's users: each is sent once per user and id, by the same invoker as the relay's. */
export class Calls {
  readonly limiter: Limiter;
  readonly results: PushedResults;
  private readonly outcomes: DatabaseOutcomes;
  private readonly counters: DatabaseCounters;
  private readonly invoker: Invoker;
  private readonly options: CallsOptions;

  constructor(options: CallsOptions) {
    const { database, market, settings, deleteFile, log } = options;
    this.options = options;
    this.outcomes = new DatabaseOutcomes(database, deleteFile);
    this.counters = new DatabaseCounters(database);
    this.limiter = new Limiter(this.counters, settings);
    const { outcomes, counters, limiter } = this;
    this.results = new PushedResults({ database, outcomes, counters, limiter, market, log });
    this.invoker = new Invoker({
      market,
      outcomes,
      limiter,
      run: RUN,
      onError: (error, message) => log(message, error),
    });
  }

  /**
   * @param request - a RelayInvokeRequest; its fields may be anything
   * @param rules - how this function reads the data
   * @throws RelayError
   */
  async invoke(
    userId: string,
    request: Record<string, unknown>,
    rules: Partial<CallRules>,
  ): Promise<RelayReply> {
    const { service, api, client_msg_id: id, data, async, files } = request;
    if (!isName(service) || !isName(api) || !isName(id)) {
      throw new RelayError(
        400,
        'Failed to call the service: "service", "api" and "client_msg_id" must be texts of 1 to 128 characters.',
      );
    }
    const call: RelayInvokeRequest = { service, api, client_msg_id: id, data, async: async === true };
    const invocation = prepareInvocation(userId, call, {
      services: Object(this.options.settings.services) as Services,
      notListed: 'it is not listed in settings.json',
      ...rules,
    });
    return this.invoker.invoke({ ...invocation, files: stringsOf(files) });
  }

  /**
   * The result of a long task; its files are removed when it is there. With `wait_ms` it waits so long, where results
   * are pushed.
   *
   * @throws RelayError
   */
  async retrieve(
    userId: string,
    { request_id: requestId, wait_ms: ms }: Record<string, unknown>,
  ): Promise<RelayReply> {
    const { limiter, outcomes, results } = this;
    const { market, settings } = this.options;
    const id = isName(requestId) ? requestId : '';
    const isHeld = settings.push !== undefined && typeof ms === 'number' && ms > 0;
    const watch = isHeld ? () => results.watch(userId, id, ms) : undefined;
    const reply = await retrieveResult(userId, id, { limiter, outcomes, market, watch });
    // What is left of the files the sweep removes.
    if (reply.errcode === 0 && reply.status !== 1) await outcomes.removeFiles(id, userId).catch(() => {});
    return reply;
  }

  /** Throws when the database cannot be used; for health checks. */
  async check(): Promise<void> {
    await this.outcomes.find('healthz');
  }

  /** Removes what is older than a day. @returns how many documents of calls */
  async sweep(): Promise<number> {
    await this.counters.sweep();
    return this.outcomes.sweep();
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 128;
}

function stringsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
