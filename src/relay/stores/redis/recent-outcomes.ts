import type { Outcome } from '../../../invocation';

/** Ms that an outcome is held for a rewrite: longer than a replica lags and a failover takes. */
const MAX_AGE_MS = 120_000;
/** Characters of all outcomes that are held; of older ones only that the call was sent. */
const MAX_LENGTH = 8 * 1024 * 1024;
const MAX_ENTRIES = 20_000;

interface Entry<C> {
  claim: C;
  outcome: Outcome;
  /** Characters that count against MAX_LENGTH. */
  length: number;
  settledAt: number;
}

/**
 * Outcomes that this instance stored a short while ago. A failover may lose them, and a repeat would then be billed
 * again, so they are stored again after a change of master. Bounded: without room for its text an outcome becomes
 * "unknown", which also keeps the call from being sent again.
 */
export class RecentOutcomes<C> {
  /** In the order of their settlement. */
  readonly #entries = new Map<string, Entry<C>>();
  /** Those of them that still have their text. */
  readonly #whole = new Map<string, Entry<C>>();
  #length = 0;

  /** @returns the claim whose outcome is held */
  get(key: string): C | undefined {
    return this.#entries.get(key)?.claim;
  }

  /** @param length - of the outcome as JSON, in characters */
  set(key: string, claim: C, outcome: Outcome, length: number): void {
    this.#delete(key);
    const entry = { claim, outcome, length, settledAt: performance.now() };
    this.#entries.set(key, entry);
    this.#whole.set(key, entry);
    this.#length += length;
    this.#trim();
  }

  /** Those that a failover may have lost, the oldest first. */
  entries(): [string, Entry<C>][] {
    this.#trim();
    return [...this.#entries];
  }

  #trim(): void {
    const oldest = performance.now() - MAX_AGE_MS;
    for (const [key, { settledAt }] of this.#entries) {
      if (settledAt >= oldest && this.#entries.size <= MAX_ENTRIES) break;
      this.#delete(key);
    }
    for (const [key, entry] of this.#whole) {
      if (this.#length <= MAX_LENGTH) break;
      this.#forgetText(key, entry);
    }
  }

  #delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) this.#forgetText(key, entry);
    this.#entries.delete(key);
  }

  #forgetText(key: string, entry: Entry<C>): void {
    if (this.#whole.delete(key)) this.#length -= entry.length;
    entry.outcome = 'unknown';
  }
}
