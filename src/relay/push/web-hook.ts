import { createHmac } from 'node:crypto';
import type { OnPush } from './push-delivery';

/** The owner's address for pushes. */
export interface WebHookOptions {
  /** http or https. */
  url: string;
  /** What the owner knows the relay by. */
  secret: string;
  /** Ms for an answer. @default 10000 */
  timeout?: number;
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}

/**
 * Posts each push to an address of the owner's: `{event_id, proved, message}`, signed in the header `Relay-Signature:
 * t=<Unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. An answer of 200 to 299 accepts it; for any other it is sent again.
 *
 * @returns a function that throws when it was not accepted
 */
export function createWebHook({ url, secret, timeout = 10_000, now = Date.now }: WebHookOptions): OnPush {
  return async (message, { eventId, isProved }) => {
    const body = JSON.stringify({ event_id: eventId, proved: isProved, message });
    const time = Math.floor(now() / 1000);
    const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'relay-signature': `t=${time},v1=${mac}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`Failed to hand on a push: the hook answered HTTP ${answer.status}.`);
  };
}
