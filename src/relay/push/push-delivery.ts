import { setTimeout as sleep } from 'node:timers/promises';
import { ORPHAN_TTL_S, type Outcomes, RelayError } from '../../invocation';
import { isTaskResult, type Push, type PushMessage } from '../../openapi';
import type { StoreLog } from '../stores/log';
import type { PushStore, WaitingPush } from './push-store';

/** Called with what the platform pushes and the relay has no use for itself. */
export type OnPush = (message: PushMessage, about: AboutPush) => unknown;

export interface AboutPush {
  /** The same on each repeat of one event. */
  eventId: string;
  /** False in plain mode: whoever has seen one push may have made this one. */
  isProved: boolean;
}

export interface PushDeliveryOptions {
  store: PushStore;
  onPush: OnPush;
  outcomes: Pick<Outcomes, 'hasOwner'>;
  log: StoreLog;
  /** The clock, in ms. */
  now: () => number;
}

interface Delivery {
  push: WaitingPush;
  failures: number;
  timer?: NodeJS.Timeout;
}

/** Ms that the owner's hook has. */
const MAX_HOOK_MS = 15_000;
/** Ms before the second try, and at most: the pause doubles each time. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** Ms after which a push is given up that no hook has accepted. */
const MAX_AGE_MS = 86_400_000;
/** Ms between two looks for what other instances have left behind. */
const LOOK_MS = 30_000;
/** Ms between two pushes that are taken up again: a hook that was down is not met by all at once. */
const STAGGER_MS = 20;
/** Pushes that are tried once more when the relay stops: they are handed on at once. */
const MAX_LAST_TRIES = 32;

/** Hands each push on to the owner's hook until it is accepted: at least once, in no certain order. */
export class PushDelivery {
  /** What this instance hands on, by the event's id. */
  readonly #deliveries = new Map<string, Delivery>();
  readonly #running = new Set<Promise<void>>();
  #looking: NodeJS.Timeout | undefined;
  #isClosing = false;

  private constructor(private readonly options: PushDeliveryOptions) {}

  /** Takes up what an earlier process, or another instance that was killed, has left in the store. */
  static open(options: PushDeliveryOptions): PushDelivery {
    const delivery = new PushDelivery(options);
    const look = (): void => delivery.#run(delivery.#takeUp(), 'failed to look for pushes that wait');
    delivery.#looking = setInterval(look, LOOK_MS).unref();
    look();
    return delivery;
  }

  /**
   * @param delay - ms before the first try
   * @returns when it is stored
   * @throws RelayError 503 where too many wait already; whatever the store throws
   */
  async add({ message, eventId, isProved }: Push, delay = 0): Promise<void> {
    const push = { eventId, isProved, message, at: this.options.now() };
    if (!(await this.options.store.add(push))) {
      throw new RelayError(503, 'Failed to accept the push: too many wait for the hook of the owner.', {
        billing: 'none',
      });
    }
    if (!this.#deliveries.has(eventId)) this.#schedule({ push, failures: 0 }, delay);
  }

  /** Tries the first of them once more. What is then not accepted waits in the store. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#looking);
    await Promise.all(this.#running);
    const first = [...this.#deliveries.values()].slice(0, MAX_LAST_TRIES);
    for (const { timer } of this.#deliveries.values()) clearTimeout(timer);
    await Promise.all(first.map((delivery) => this.#try(delivery)));
  }

  async #takeUp(): Promise<void> {
    const found = (await this.options.store.list()).filter(({ eventId }) => !this.#deliveries.has(eventId));
    for (const [index, push] of found.entries()) {
      // A result may still get an owner.
      const wait = isTaskResult(push.message) ? push.at + ORPHAN_TTL_S * 1000 - this.options.now() : 0;
      this.#schedule({ push, failures: 0 }, Math.max(wait, index * STAGGER_MS));
    }
  }

  #schedule(delivery: Delivery, delay: number): void {
    clearTimeout(delivery.timer);
    this.#deliveries.set(delivery.push.eventId, delivery);
    if (this.#isClosing) return;
    const start = (): void => this.#run(this.#try(delivery), 'failed to hand on a push');
    delivery.timer = setTimeout(start, delay).unref();
  }

  async #try(delivery: Delivery): Promise<void> {
    const { store, log } = this.options;
    const { push } = delivery;
    clearTimeout(delivery.timer);
    try {
      // Otherwise another instance is at it; should it be killed, the next look finds the push.
      if (await store.claim(push.eventId)) {
        await this.#handOn(push);
        await store.remove(push.eventId);
      }
      this.#deliveries.delete(push.eventId);
    } catch (error) {
      log.error('a push was not accepted; trying again', { err: error, event: push.eventId });
      this.#schedule(delivery, Math.min(FIRST_PAUSE_MS * 2 ** delivery.failures++, MAX_PAUSE_MS));
    }
  }

  async #handOn({ message, eventId, isProved, at }: WaitingPush): Promise<void> {
    const { outcomes, onPush, log, now } = this.options;
    if (isTaskResult(message) && (await outcomes.hasOwner(message.RequestID))) return;
    if (now() - at > MAX_AGE_MS) return log.error('gave up a push that no hook accepted', { event: eventId });
    await withinTime(async () => onPush(message, { eventId, isProved }));
  }

  #run(work: Promise<void>, failure: string): void {
    const running = work
      .catch((error: unknown) => this.options.log.error(failure, { err: error }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}

/** A hook that never ends must not keep the relay from stopping. */
function withinTime(work: () => Promise<unknown>): Promise<unknown> {
  const late = sleep(MAX_HOOK_MS, undefined, { ref: false }).then(() => {
    throw new Error(`Failed to hand on a push: onPush took more than ${MAX_HOOK_MS} ms.`);
  });
  return Promise.race([work(), late]);
}
