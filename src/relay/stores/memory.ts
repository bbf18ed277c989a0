/** Sessions and counters of one process; a restart forgets them. */
import { type Counters, digest } from '../../invocation';
import { newToken } from '../secrets';
import type { Sessions } from './stores';

/** Sessions of one process. After a restart clients sign in again by themselves. */
export class MemorySessions implements Sessions {
  private readonly users: ExpiringMap<string>;

  /** @param now - the clock, in ms */
  constructor(now: () => number) {
    this.users = new ExpiringMap(now);
  }

  async create(userId: string, ttl: number): Promise<string> {
    const token = newToken();
    this.users.set(digest(token), userId, ttl * 1000);
    return token;
  }

  async find(token: string): Promise<string | undefined> {
    return this.users.get(digest(token));
  }

  async revoke(token: string): Promise<void> {
    this.users.delete(digest(token));
  }

  async revokeUser(userId: string): Promise<void> {
    for (const [key, user] of this.users.entries()) if (user === userId) this.users.delete(key);
  }
}

interface Window {
  used: number;
  expiresAt: number;
}

/**
 * Counters of one process. Each kind has a map of its own, so that keys that anybody can make up (addresses) never
 * push out those of users.
 */
export class MemoryCounters implements Counters {
  private readonly kinds = new Map<string, ExpiringMap<Window>>();

  /** @param now - the clock, in ms */
  constructor(private readonly now: () => number) {}

  async take(key: string, amount: number, max: number, window: number): Promise<number> {
    const windows = this.windowsOf(key);
    let current = windows.get(key);
    if (!current) {
      if (amount === 0) return 0;
      current = { used: 0, expiresAt: this.now() + window * 1000 };
      windows.set(key, current, window * 1000);
    }
    if (current.used + amount > max) return Math.max(1, Math.ceil((current.expiresAt - this.now()) / 1000));
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

const MAX_ENTRIES = 200_000;
/** Writes between two sweeps that drop the expired entries. */
const WRITES_PER_SWEEP = 1024;

/** A map whose entries expire, each at its own time. When it is full, the oldest entry makes room. */
class ExpiringMap<V> {
  readonly #entries = new Map<string, { value: V; expiresAt: number }>();
  #writes = 0;

  constructor(private readonly now: () => number) {}

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.expiresAt > this.now()) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** @param ttl - ms */
  set(key: string, value: V, ttl: number): void {
    if (++this.#writes % WRITES_PER_SWEEP === 0) this.#sweep();
    this.#entries.delete(key);
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value as string);
    this.#entries.set(key, { value, expiresAt: this.now() + ttl });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  *entries(): Generator<[string, V]> {
    for (const [key, { value }] of this.#entries) yield [key, value];
  }

  #sweep(): void {
    const now = this.now();
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key);
  }
}
