import { setTimeout as sleep } from 'node:timers/promises';
import { type Counters, digest, ORPHAN_TTL_S, type Outcomes, Retries } from '../../invocation';
import {
  isTaskResult,
  type Push,
  type PushMessage,
  PushRefusal,
  type TaskResultMessage,
} from '../../openapi';
import { resultOf } from '../../openapi/push/push-reader';
import type { StoreLog } from '../stores/log';
import type { Signals } from '../stores/signals';

/** Called with what the platform pushes and the relay has no use for itself. */
export type OnPush = (message: PushMessage, about: AboutPush) => unknown;

export interface AboutPush {
  /** The same on each repeat of one event. */
  eventId: string;
  /** False in plain mode: whoever has seen one push may have made this one. */
  isProved: boolean;
}

export interface PushReceiverOptions {
  outcomes: Pick<Outcomes, 'hasOwner' | 'storeResult'>;
  counters: Counters;
  signals: Signals;
  onPush?: OnPush;
  log: StoreLog;
}

/** Seconds that an event and a nonce are remembered: longer than the time of a push is accepted. */
const MEMORY_S = 1200;
/** Results in a minute that belong to nobody yet; of further ones nothing is kept. */
const MAX_ORPHANS = 1000;
/** Ms that the owner's hook has. */
const MAX_HOOK_MS = 15_000;

/** Does what a push asks for, once. */
export class PushReceiver {
  readonly #retries: Retries;
  /** What looks for the owner of a result, by the timers that wait for it. */
  readonly #orphans = new Map<NodeJS.Timeout, () => void>();
  readonly #running = new Set<Promise<void>>();

  constructor(private readonly options: PushReceiverOptions) {
    const { log } = options;
    this.#retries = new Retries((message, error) =>
      error === undefined ? log.info(message) : log.error(message, { err: error }),
    );
  }

  /**
   * @returns when it is stored; what its owner's hook does with it comes later
   * @throws PushRefusal for a nonce that another event had; whatever a store throws, and then the platform's next try
   *   counts
   */
  async receive(push: Push): Promise<void> {
    await this.#requireOwnNonce(push);
    const event = `events:${push.eventId}`;
    if (!(await this.#takeOnce(event))) return;
    try {
      await this.#handle(push);
    } catch (error) {
      await this.options.counters.giveBack(event, 1);
      throw error;
    }
  }

  /** Hands on what still waits for an owner, and tries once more what a hook has not accepted. */
  async close(): Promise<void> {
    for (const [timer, handOn] of this.#orphans) {
      clearTimeout(timer);
      handOn();
    }
    while (this.#running.size > 0) await Promise.all(this.#running);
    await this.#retries.end();
  }

  async #handle(push: Push): Promise<void> {
    const { message } = push;
    if (!isTaskResult(message)) return this.#handOn(push);
    const kept = await this.#keepResult(push, message);
    if (kept === 'owned') return;
    if (kept === 'no room') return this.#handOn(push);
    // Its call's answer may be under way. Whatever then has no owner was asked for elsewhere.
    const timer = setTimeout(() => this.#handOnOrphan(timer, push, message), ORPHAN_TTL_S * 1000).unref();
    this.#orphans.set(timer, () => this.#handOnOrphan(timer, push, message));
  }

  #handOnOrphan(timer: NodeJS.Timeout, push: Push, { RequestID: requestId }: TaskResultMessage): void {
    this.#orphans.delete(timer);
    const work = async (): Promise<void> => {
      if (!(await this.options.outcomes.hasOwner(requestId))) this.#handOn(push);
    };
    this.#run(work(), 'failed to look for the owner of a result');
  }

  /** @returns whether the result is that of a call made here, as far as is known yet */
  async #keepResult({ isProved }: Push, message: TaskResultMessage): Promise<'owned' | 'orphan' | 'no room'> {
    const { outcomes, signals, counters } = this.options;
    const { RequestID: requestId } = message;
    let isOwned = await outcomes.hasOwner(requestId);
    if (!isOwned && (await counters.take('orphans:all', 1, MAX_ORPHANS, ORPHAN_TTL_S)) > 0) return 'no room';
    const result = resultOf(message);
    // What proves nothing is never a result: who waits for it asks the platform.
    if (isProved && result) isOwned = await outcomes.storeResult(requestId, result);
    // The result is stored, and is found without it.
    await signals.send(digest(requestId)).catch((error: unknown) => {
      this.options.log.warn('failed to tell other relays of a result', { err: error });
    });
    return isOwned ? 'owned' : 'orphan';
  }

  #handOn({ message, eventId, isProved }: Push): void {
    const { onPush } = this.options;
    if (!onPush) return;
    const call = (): Promise<unknown> => withinTime(async () => onPush(message, { eventId, isProved }));
    const work = call().catch((error: unknown) => {
      this.options.log.error('a push was not accepted; trying again', { err: error, event: eventId });
      void this.#retries.add('a push', error, call);
    });
    this.#run(work, 'failed to hand on a push');
  }

  #run(work: Promise<unknown>, failure: string): void {
    const running: Promise<void> = work
      .then(() => {})
      .catch((error: unknown) => this.options.log.error(failure, { err: error }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** In plain mode nothing else keeps a message of others from coming under a signature that was seen. */
  async #requireOwnNonce({ nonce, eventId }: Push): Promise<void> {
    const isNew = await this.#takeOnce(`nonces:${nonce}`);
    const isFirstOfPair = await this.#takeOnce(`nonces:${nonce} ${eventId}`);
    if (!isNew && isFirstOfPair) throw new PushRefusal('its nonce was used for another event');
  }

  async #takeOnce(key: string): Promise<boolean> {
    return (await this.options.counters.take(key, 1, 1, MEMORY_S)) === 0;
  }
}

/** A hook that never ends must not keep the relay from stopping. */
function withinTime(work: () => Promise<unknown>): Promise<unknown> {
  const late = sleep(MAX_HOOK_MS, undefined, { ref: false }).then(() => {
    throw new Error(`Failed to hand on a push: onPush took more than ${MAX_HOOK_MS} ms.`);
  });
  return Promise.race([work(), late]);
}
