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
/** Bytes in a minute of results that belong to nobody yet; of further ones nothing is kept. */
const MAX_ORPHAN_BYTES = 16 * 1024 * 1024;
/** What a result counts at least: there must not be too many small ones either. */
const MIN_ORPHAN_BYTES = 16 * 1024;

/** Does what a push asks for, once. */
export class PushReceiver {
  /** What is under way, by the event's id. */
  readonly #receiving = new Map<string, Promise<void>>();

  constructor(private readonly options: PushReceiverOptions) {}

  /**
   * @returns when it is stored; what its owner's hook does with it comes later
   * @throws PushRefusal for a nonce that another event had; whatever a store throws, and then the platform's next try
   *   counts
   */
  receive(push: Push): Promise<void> {
    const { eventId } = push;
    // A repeat that comes meanwhile must not be answered before the event is stored.
    const earlier = this.#receiving.get(eventId);
    if (earlier) return earlier;
    const receiving = this.#receiveOnce(push).finally(() => this.#receiving.delete(eventId));
    this.#receiving.set(eventId, receiving);
    return receiving;
  }

  async close(): Promise<void> {
    await this.options.delivery?.close();
  }

  async #receiveOnce(push: Push): Promise<void> {
    const { counters, shared } = this.options;
    // Tickets and codes come under the same key: whoever has seen one must not have it handed to an app's hook.
    if (shared && push.message.InfoType !== undefined) {
      throw new PushRefusal('it is an event of the third-party platform itself');
    }
    const event = `events:${push.eventId}`;
    if (await isTaken(counters, event)) return;
    // Where the key is the app's alone, the signature of one that is proved says all.
    if (!push.isProved || shared) await this.#requireOwnNonce(push);
    await this.#handle(push);
    // Last: of a relay that is killed before, the platform's next try counts. Storing it twice does no harm.
    await takeOnce(counters, event);
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
    const { outcomes, signals } = this.options;
    const { RequestID: requestId } = message;
    const result = resultOf(message);
    let isOwned = await outcomes.hasOwner(requestId);
    if (!isOwned && !(await this.#hasRoomForOrphan(message))) return 'no room';
    // What proves nothing is never a result: who waits for it asks the platform.
    if (isProved && result) isOwned = await outcomes.storeResult(requestId, result);
    // The result is stored, and is found without it.
    await signals.send(digest(requestId)).catch((error: unknown) => {
      this.options.log.warn('failed to tell other relays of a result', { err: error });
    });
    return isOwned ? 'owned' : 'orphan';
  }

  async #hasRoomForOrphan({ Data: data }: TaskResultMessage): Promise<boolean> {
    const bytes = Math.max(MIN_ORPHAN_BYTES, Buffer.byteLength(String(data)));
    return (await this.options.counters.take('orphans:all', bytes, MAX_ORPHAN_BYTES, ORPHAN_TTL_S)) === 0;
  }

  /**
   * In plain mode nothing else keeps a message of others from coming under a signature that was seen, and under a shared
   * key nothing keeps a push from being another app's too. The event is noted beside its nonce by its first push alone: a
   * forged one must not become a repeat of itself.
   */
  async #requireOwnNonce({ nonce, eventId }: Push): Promise<void> {
    const { counters, shared: { nonces, scope } = { nonces: counters, scope: '' } } = this.options;
    const pair = `nonces:${nonce} ${scope} ${eventId}`;
    if (await takeOnce(nonces, `nonces:${nonce}`)) await takeOnce(nonces, pair);
    else if (!(await isTaken(nonces, pair))) throw new PushRefusal('its nonce was used for another event');
  }
}

/** @returns false where it was taken already */
export async function takeOnce(counters: Counters, key: string): Promise<boolean> {
  return (await counters.take(key, 1, 1, MEMORY_S)) === 0;
}

/** @returns whether `takeOnce` has taken it in the last minutes */
export async function isTaken(counters: Counters, key: string): Promise<boolean> {
  return (await counters.take(key, 0, 0, MEMORY_S)) > 0;
}
