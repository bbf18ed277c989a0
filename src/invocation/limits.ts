import type { Billing } from '../protocol';
import { RelayError, storeFailed } from './relay-error';
import type { Counters } from './counters';

/** What one user (for `sessions`: one address, or one /64 of IPv6) may use per window. 0 forbids it. */
export interface UserLimits {
  /** Seconds. */
  window: number;
  /** `POST /session` requests of one address. */
  sessions: number;
  /** Files sent. */
  files: number;
  /** Bytes of those files. */
  bytes: number;
  /** Calls sent to the platform; repeats that get a stored outcome are free. */
  calls: number;
  /** Questions for async results. */
  polls: number;
}

type Kind = Exclude<keyof UserLimits, 'window'>;

/** Holds users to their limits. */
export class Limiter {
  constructor(
    private readonly counters: Counters,
    private readonly limits: UserLimits,
  ) {}

  /**
   * @param billing - what the refusal says of the bill
   * @throws RelayError 429 when `amount` more of `kind` would be too much for `who`, 503 when nobody can tell
   */
  async take(kind: Kind, who: string, amount = 1, billing: Billing = 'none'): Promise<void> {
    const wait = await this.counters
      .take(`${kind}:${who}`, amount, this.limits[kind], this.limits.window)
      .catch((cause: unknown) => {
        throw storeFailed(cause, billing);
      });
    if (wait > 0) {
      throw new RelayError(
        429,
        `Failed to accept the request: the limit of ${this.limits[kind]} ${kind} in ${this.limits.window} seconds is reached. Try again in ${wait} seconds.`,
        { retryAfter: wait, billing },
      );
    }
  }

  /** Does what it can: what a store that fails does not take back ends with the window. */
  async giveBack(kind: Kind, who: string, amount: number): Promise<void> {
    if (amount > 0) await this.counters.giveBack(`${kind}:${who}`, amount).catch(() => {});
  }
}
