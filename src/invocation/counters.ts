/** Amounts used in fixed windows of time, for limits. */
export interface Counters {
  /**
   * Takes `amount` from the key's allowance of `max` per `window` seconds, or nothing when it does not fit.
   *
   * @param key - `kind:who`
   * @param amount - 0 takes nothing, and tells whether more than `max` was taken
   * @returns 0 when taken, else the seconds until the window ends
   */
  take(key: string, amount: number, max: number, window: number): Promise<number>;
  /** Gives back what was taken in this window and not used. */
  giveBack(key: string, amount: number): Promise<void>;
}
