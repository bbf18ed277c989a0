import type { Billing } from '../protocol';
import type { Counters } from './counters';
import { RelayError, storeFailed } from './relay-error';

/** What one user (for sessions: one address, or one /64 of IPv6) may use per hour. 0 forbids it. */
export interface UserLimits {
  /** `POST /session` requests of one address. */
  sessionsPerHour: number;
  /** Files sent. */
  filesPerHour: number;
  /** Bytes of those files. */
  bytesPerHour: number;
  /** Calls sent to the platform; repeats that get a stored outcome are free. */
  callsPerHour: number;
  /** Questions for async results. */
  pollsPerHour: number;
}

/** Where an owner sets nothing. The relay's schema repeats them for editors. */
export const DEFAULT_LIMITS: UserLimits = {
  sessionsPerHour: 3000,
  filesPerHour: 300,
  bytesPerHour: 536_870_912,
  callsPerHour: 600,
  pollsPerHour: 6000,
};

type Kind = keyof UserLimits extends `${infer K}PerHour` ? K : never;

const HOUR_S = 3600;

/** Holds users to their limits. */
export class Limiter {
  private readonly counters: Counters;
  private readonly limits: UserLimits;

  constructor(counters: Counters, limits: Partial<UserLimits>) {
    this.counters = counters;
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /**
   * @param kind - of what is used, for example `calls`
   * @param who - a user or an address
   * @param billing - of the error: `unknown` where something may have been billed before
   * @throws RelayError 429 when `amount` more of `kind` would be too much for `who`, 503 when the store fails
   */
  async take(kind: Kind, who: string, amount = 1, billing: Billing = 'none'): Promise<void> {
    const max = this.limits[`${kind}PerHour`];
    const wait = await this.counters.take(`${kind}:${who}`, amount, max, HOUR_S).catch((cause: unknown) => {
      throw storeFailed(cause, billing);
    });
    if (wait > 0) {
      throw new RelayError(
        429,
        `Failed to accept the request: the limit of ${max} ${kind} per hour is reached. Try again in ${wait} seconds.`,
        { retryAfter: wait, billing },
      );
    }
  }

  /** Gives back what was not used. Where the store fails it stays used until the hour ends. */
  async giveBack(kind: Kind, who: string, amount: number): Promise<void> {
    if (amount > 0) await this.counters.giveBack(`${kind}:${who}`, amount).catch(() => {});
  }
}
