import type { Counters } from '../../invocation';
import { addOnce, type Database } from './database';

const LIMITS = 'servicemarket_limits';
/** How long a counter is kept. */
const TTL_MS = 86_400_000;

/** Counters in the cloud's database. A window begins with the clock's own hour. */
export class DatabaseCounters implements Counters {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async take(key: string, amount: number, max: number, window: number): Promise<number> {
    const { _id, at } = windowOf(key, window);
    const { command } = this.database;
    // Counts and checks in one step, so that two runs never both take the last of it.
    const hasRoom = { _id, used: command.lt(max - amount + 1) };
    const count = async (): Promise<boolean> =>
      (await this.database.update(LIMITS, hasRoom, { used: command.inc(amount) })) === 1;

    if (await count()) return 0;
    await addOnce(this.database, LIMITS, { _id, used: 0, at });
    return (await count()) ? 0 : Math.max(1, Math.ceil((at + window * 1000 - Date.now()) / 1000));
  }

  async giveBack(key: string, amount: number): Promise<void> {
    const { _id } = windowOf(key, 3600);
    await this.database.update(LIMITS, { _id }, { used: this.database.command.inc(-amount) });
  }

  /** Removes old windows. */
  async sweep(): Promise<void> {
    await this.database.remove(LIMITS, { at: this.database.command.lt(Date.now() - TTL_MS) });
  }
}

function windowOf(key: string, window: number): { _id: string; at: number } {
  const at = Math.floor(Date.now() / (window * 1000)) * window * 1000;
  return { _id: `${key}-${at}`, at };
}
