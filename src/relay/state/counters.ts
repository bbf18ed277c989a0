import type { Counters } from '../../invocation';
import { ExpiringMap } from './expiring-map';

interface Window {
  used: number;
  endsAt: number;
}

/**
 * Counters of one process. Each kind has room of its own, so that keys that anybody can make up (addresses) never
 * push out those of users.
 */
export class MemoryCounters implements Counters {
  private readonly kinds = new Map<string, ExpiringMap<Window>>();

  constructor(private readonly now: () => number) {}

  async take(key: string, amount: number, max: number, window: number): Promise<number> {
    const windows = this.windowsOf(key);
    let current = windows.get(key);
    if (!current) {
      current = { used: 0, endsAt: this.now() + window * 1000 };
      windows.set(key, current, window * 1000);
    }
    if (current.used + amount > max) return Math.max(1, Math.ceil((current.endsAt - this.now()) / 1000));
    current.used += amount;
    return 0;
  }

  async giveBack(key: string, amount: number): Promise<void> {
    const current = this.windowsOf(key).get(key);
    if (current) current.used = Math.max(0, current.used - amount);
  }

  private windowsOf(key: string): ExpiringMap<Window> {
    const kind = key.slice(0, key.indexOf(':'));
    const windows = this.kinds.get(kind) ?? new ExpiringMap<Window>(this.now);
    this.kinds.set(kind, windows);
    return windows;
  }
}
