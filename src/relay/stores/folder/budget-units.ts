import { budgetSpent, type Spending, windowAt } from '../../../invocation';
import { warnOfBudget } from '../budget-warning';
import type { StoreLog } from '../log';

/** A window of a budget, and how many units of it are taken. */
export interface Unit {
  used: number;
  readonly endsAt: number;
}

/** Units between two sweeps of windows that have ended. */
const UNITS_PER_SWEEP = 10_000;

/** What is taken of budgets, in memory. The journal's intents are the record that it is counted from. */
export class BudgetUnits {
  readonly #windows = new Map<string, Unit>();
  #taken = 0;

  /**
   * Takes one unit of each, or of none.
   *
   * @param at - Unix ms
   * @returns what was taken, to give it back
   * @throws RelayError 429 for the one that has no unit left for the longest time
   */
  take(spendings: readonly Spending[], at: number, log: StoreLog): Unit[] {
    const full = spendings
      .filter((spending) => (this.#windows.get(keyOf(spending, at))?.used ?? 0) >= spending.max)
      .map((spending) => ({ spending, waitMs: windowAt(spending, at).endsAt - at }))
      .sort((one, other) => other.waitMs - one.waitMs);
    if (full.length > 0) throw budgetSpent(full[0].spending, full[0].waitMs);
    const units = this.count(spendings, at);
    for (const [index, spending] of spendings.entries()) warnOfBudget(log, spending, units[index].used);
    return units;
  }

  /** Takes them whatever is left. */
  count(spendings: readonly Spending[], at: number): Unit[] {
    return spendings.map((spending) => {
      const key = keyOf(spending, at);
      const unit = this.#windows.get(key) ?? { used: 0, endsAt: windowAt(spending, at).endsAt };
      this.#windows.set(key, unit);
      unit.used++;
      if (++this.#taken % UNITS_PER_SWEEP === 0) this.#sweep(at);
      return unit;
    });
  }

  /** To the windows that they were taken of, also where those have ended. */
  giveBack(units: readonly Unit[]): void {
    for (const unit of units) unit.used--;
  }

  #sweep(at: number): void {
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= at) this.#windows.delete(key);
  }
}

function keyOf(spending: Spending, at: number): string {
  const { name, pair, user = '' } = spending;
  return `${name} ${windowAt(spending, at).index} ${user} ${pair}`;
}
