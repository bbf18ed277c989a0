import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Counters,
  digest,
  type Limiter,
  type Market,
  ORPHAN_TTL_S,
  RelayError,
  type ResultWatch,
} from '../../invocation';
import { isTaskResult, type Push, PushRefusal, resultOf } from '../../openapi/push/push-reader';
import { MAX_HOLD_MS, type RelayReply } from '../../protocol';
import { addOnce, type Database } from './database';
import type { DatabaseOutcomes } from './database-outcomes';

/**
 * Ms between two looks of a question that waits. A function is told of nothing, so it has to look; at this distance
 * the page has the result within a second of its push, and a question costs 30 reads at most.
 */
const LOOK_MS = 500;
/** Questions of a user that begin to wait within as long as one may wait; further ones are answered at once. */
const MAX_HELD = 2;
/** Results in a minute that belong to nobody yet; of further ones nothing is kept. */
const MAX_ORPHANS = 1000;
/** Nonces are noted where counters are, and swept with them after a day. */
const NOTES = 'servicemarket_limits';
/** `status` of a task that is not done yet (protocol 11). */
const PENDING = 1;

export interface PushedResultsOptions {
  database: Database;
  outcomes: DatabaseOutcomes;
  counters: Counters;
  limiter: Limiter;
  market: Pick<Market, 'retrieve'>;
  log: (message: string, error?: unknown) => void;
}

/** Results of long tasks that the platform pushes to a function, and questions that wait for them. */
export class PushedResults {
  private readonly options: PushedResultsOptions;

  constructor(options: PushedResultsOptions) {
    this.options = options;
  }

  /**
   * @returns when the result is stored. Once more does no harm: the first one is kept
   * @throws PushRefusal for a nonce that another event had; whatever the database throws, and then the platform's next
   *   try counts
   */
  async receive({ message, isProved, eventId, nonce }: Push): Promise<void> {
    const { log } = this.options;
    await this.requireOwnNonce(nonce, eventId);
    if (!isTaskResult(message)) {
      const { MsgType, Event } = message;
      log(`a push was dropped, because it is no result of a task: ${JSON.stringify({ MsgType, Event })}`);
      return;
    }
    const result = resultOf(message);
    if (isProved && result) await this.store(message.RequestID, result);
    else await this.ask(message.RequestID);
  }

  /**
   * For a push that proves nothing: the platform is asked, and its answer is the result. Counts as a question of the
   * task's user.
   *
   * @throws RelayError where the platform or the database gives no answer
   */
  async ask(requestId: string): Promise<void> {
    const { outcomes, limiter, market } = this.options;
    const user = await outcomes.findOwner(requestId);
    // Without an owner there is nobody to ask for: the first question of its user asks the platform anyway.
    if (user === undefined || (await outcomes.hasResult(requestId))) return;
    await limiter.take('polls', user);
    const sent = await market.retrieve(requestId);
    if (sent.kind !== 'answer') {
      throw new RelayError(502, 'Failed to ask the platform for the result. Ask again later.', {
        billing: 'none',
        cause: sent.cause,
      });
    }
    const { reply } = sent;
    if (reply.errcode === 0 && reply.status !== PENDING) await outcomes.storeResult(requestId, reply);
  }

  /** A wait for the result of a task. @param ms - that it takes at most, from now on */
  watch(userId: string, requestId: string, ms: number): ResultWatch {
    const { outcomes, counters } = this.options;
    const deadline = Date.now() + Math.min(ms, MAX_HOLD_MS);
    let mayWait: boolean | undefined;
    const next = async (): Promise<boolean> => {
      mayWait ??= (await counters.take(`held:${userId}`, 1, MAX_HELD, MAX_HOLD_MS / 1000)) === 0;
      while (mayWait && Date.now() + LOOK_MS <= deadline) {
        await sleep(LOOK_MS);
        if (await outcomes.hasResult(requestId)) return true;
      }
      return false;
    };
    // Without the database the answer is what the platform has said.
    return { next: () => next().catch(() => false), end() {} };
  }

  private async store(requestId: string, result: RelayReply): Promise<void> {
    const { outcomes, counters } = this.options;
    if ((await outcomes.findOwner(requestId)) === undefined) {
      if ((await counters.take('orphans:all', 1, MAX_ORPHANS, ORPHAN_TTL_S)) > 0) return;
    }
    await outcomes.storeResult(requestId, result);
  }

  /** In plain mode nothing else keeps a message of others from coming under a signature that was seen. */
  private async requireOwnNonce(nonce: string, eventId: string): Promise<void> {
    const note = { _id: `nonce-${digest(nonce)}`, mark: eventId, at: Date.now() };
    if (await addOnce(this.options.database, NOTES, note)) return;
    throw new PushRefusal('its nonce was used for another event');
  }
}
