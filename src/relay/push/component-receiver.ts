import type { Counters } from '../../invocation';
import type { Component, Push, PushMessage } from '../../openapi';
import type { PushDelivery } from './push-delivery';
import { isTaken, takeOnce } from './push-receiver';

export interface ComponentReceiverOptions {
  client: Component;
  /** To the owner's hook. */
  delivery: PushDelivery;
  /** Which events were there. */
  counters: Counters;
}

/** What an owner wants to know of. Tickets are secrets, and nobody else has a use for them. */
const HANDED_ON = new Set<unknown>(['authorized', 'updateauthorized', 'unauthorized']);

/** Has a third-party platform carry out the events that the platform pushes to it, and then tells its owner. */
export class ComponentReceiver {
  constructor(private readonly options: ComponentReceiverOptions) {}

  /**
   * @returns when the event has its effect, and is kept for the hook
   * @throws what the third-party platform throws, and then nobody is told; what a store throws
   */
  async receive(push: Push): Promise<void> {
    const { client, delivery, counters } = this.options;
    await client.receive(push);
    const { InfoType: kind, AuthorizerAppid: app } = push.message;
    if (!HANDED_ON.has(kind)) return;
    // One that came after a newer one had no effect: there is nothing to tell.
    if ((await client.isAuthorized(app as string)) === (kind === 'unauthorized')) return;
    const event = `component:${push.eventId}`;
    if (await isTaken(counters, event)) return;
    await delivery.add({ ...push, message: withoutCodes(push.message) });
    // Last: of a relay that is killed before, the platform's next try counts.
    await takeOnce(counters, event);
  }

  close(): Promise<void> {
    return this.options.delivery.close();
  }
}

/** The codes in an event are secrets: whoever has one could take the authorization over. */
function withoutCodes({ AppId, CreateTime, InfoType, AuthorizerAppid }: PushMessage): PushMessage {
  return { AppId, CreateTime, InfoType, AuthorizerAppid };
}
