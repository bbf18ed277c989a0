import type { UsageRow } from './records';

type Sums = Pick<UsageRow, 'calls' | 'failures' | 'unknown'>;
type Row<K extends keyof UsageRow> = Pick<UsageRow, K> & Sums;

/** Adds up rows that have the same values of some keys. */
export class UsageSums<K extends keyof UsageRow = 'day' | 'appid' | 'service' | 'user'> {
  readonly #rows = new Map<string, Row<K>>();

  /** @param keys - what the sums are told apart by */
  constructor(private readonly keys: readonly K[]) {}

  add(row: Row<K>): void {
    const key = this.keys.map((name) => row[name]).join('\n');
    const sum = this.#rows.get(key);
    if (!sum) {
      const named = Object.fromEntries(this.keys.map((name) => [name, row[name]])) as Pick<UsageRow, K>;
      this.#rows.set(key, { ...named, calls: row.calls, failures: row.failures, unknown: row.unknown });
      return;
    }
    sum.calls += row.calls;
    sum.failures += row.failures;
    sum.unknown += row.unknown;
  }

  rows(): Row<K>[] {
    return [...this.#rows.values()];
  }
}

/** Sums of a day, app, service and user each: what is kept. */
export function newUsageSums(rows: readonly UsageRow[] = []): UsageSums {
  const sums = new UsageSums(['day', 'appid', 'service', 'user']);
  for (const row of rows) sums.add(row);
  return sums;
}

/** @returns one row for each value of `key`, the largest first */
export function sumUsage<K extends keyof UsageRow>(key: K, rows: readonly UsageRow[]): Row<K>[] {
  const sums = new UsageSums([key]);
  for (const row of rows) sums.add(row);
  return sums.rows().sort((one, other) => other.calls - one.calls);
}
