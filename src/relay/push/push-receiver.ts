import { type Counters, digest, ORPHAN_TTL_S, type Outcomes } from '../../invocation';
import { isTaskResult, type Push, PushRefusal, type TaskResultMessage } from '../../openapi';
import { resultOf } from '../../openapi/push/push-reader';
import type { StoreLog } from '../stores/log';
import type { Signals } from '../stores/signals';
import type { PushDelivery } from './push-delivery';

export interface PushReceiverOptions {
  outcomes: Pick<Outcomes, 'hasOwner' | 'storeResult'>;
  counters: Counters;
  signals: Signals;
  /** To the owner's hook. @default what the relay has no use for is dropped */
  delivery?: PushDelivery;
  log: StoreLog;
  /** Whose push it is, where others have the same key; each push is then good for one of them. */
  shared?: { nonces: Counters; scope: string };
}

/** Seconds that an event and a nonce are remembered: longer than the time of a push is accepted. */
const MEMORY_S = 1200;
/** Results in a minute that belong to nobody yet; of further ones nothing is kept. */
const MAX_ORPHANS = 1000;

/** Does what a push asks for, once. */
export class PushReceiver {
  constructor(private readonly options: PushReceiverOptions) {}

  /**
   * @returns when it is stored; what its owner's hook does with it comes later
   * @throws PushRefusal for a nonce that another event had; whatever a store throws, and then the platform's next try
   *   counts
   */
  async receive(push: Push): Promise<void> {
    await this.#requireOwnNonce(push);
    const event = `events:${push.eventId}`;
    if (!(await takeOnce(this.options.counters, event))) return;
    try {
      await this.#handle(push);
    } catch (error) {
      await this.options.counters.giveBack(event, 1);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.options.delivery?.close();
  }

  async #handle(push: Push): Promise<void> {
    const { delivery } = this.options;
    const { message } = push;
    if (!isTaskResult(message)) return delivery?.add(push);
    const kept = await this.#keepResult(push, message);
    // Its call's answer may be under way. Whatever then has no owner was asked for elsewhere.
    if (kept !== 'owned') await delivery?.add(push, kept === 'orphan' ? ORPHAN_TTL_S * 1000 : 0);
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

  /** In plain mode nothing else keeps a message of others from coming under a signature that was seen. */
  async #requireOwnNonce({ nonce, eventId }: Push): Promise<void> {
    const { counters, shared: { nonces, scope } = { nonces: counters, scope: '' } } = this.options;
    const isNew = await takeOnce(nonces, `nonces:${nonce}`);
    const isFirstOfPair = await takeOnce(nonces, `nonces:${nonce} ${scope} ${eventId}`);
    if (!isNew && isFirstOfPair) throw new PushRefusal('its nonce was used for another event');
  }
}

async function takeOnce(counters: Counters, key: string): Promise<boolean> {
  return (await counters.take(key, 1, 1, MEMORY_S)) === 0;
}
