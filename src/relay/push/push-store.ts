import type { PushMessage } from '../../openapi';

/** A push that the owner's hook has not accepted yet. */
export interface WaitingPush {
  /** 64 hexadecimal digits. */
  eventId: string;
  isProved: boolean;
  message: PushMessage;
  /** When it came, in Unix ms. */
  at: number;
}

/** Whether a store holds what was put into it: a push that waits, under this id. */
export function isWaitingPush(push: Partial<WaitingPush>, eventId: string): boolean {
  const { isProved, message, at } = push;
  return (
    push.eventId === eventId &&
    typeof isProved === 'boolean' &&
    typeof message === 'object' &&
    message !== null &&
    typeof at === 'number'
  );
}

/** Where pushes wait for the owner's hook, so that a relay which is killed loses none. */
export interface PushStore {
  /**
   * Keeps a push; one with its id that is there already stays.
   *
   * @returns false where it has no room
   */
  add(push: WaitingPush): Promise<boolean>;
  /** Whether this instance may hand it on now; no other may for LEASE_MS. */
  claim(eventId: string): Promise<boolean>;
  remove(eventId: string): Promise<void>;
  /** @returns all of them, the oldest first */
  list(): Promise<WaitingPush[]>;
}

/** Pushes that wait at once, and the bytes that they have together: a hook that is down must not fill the store. */
export const MAX_WAITING_PUSHES = 1000;
export const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Longer than the hook has: two instances never hand on a push at the same time. */
export const LEASE_MS = 20_000;
