/**
 * What several apps have in common: one of them may have as much of it as then is free. So one that floods gets a half,
 * the next one half of the rest; of what is little, as 8 places, several together may leave nothing for one more. It
 * stands apart because memory, places and the disk are shared by one rule.
 *
 * @param amount - that an app wants more
 * @param taken - of the app, and of all of them
 * @param max - of all of them
 * @param isShared - false: there is one app, and all of it is the app's
 */
export function fitsShare(
  amount: number,
  taken: { ofApp: number; ofAll: number },
  max: number,
  isShared: boolean,
): boolean {
  return (isShared ? taken.ofApp : 0) + amount <= max - taken.ofAll;
}

/** Sums by key, without those that are zero. */
export class Tally {
  readonly #sums = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  of(key: string): number {
    return this.#sums.get(key) ?? 0;
  }

  /** @param amount - may be negative */
  add(key: string, amount: number): void {
    const sum = this.of(key) + amount;
    if (sum > 0) this.#sums.set(key, sum);
    else this.#sums.delete(key);
    this.#total += amount;
  }
}
