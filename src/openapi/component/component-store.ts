/**
 * Where a third-party platform keeps its ticket, tokens and refresh tokens, so that all instances have the same. Every
 * value is encrypted already. It must last over restarts: who loses a refresh token has to ask the platform for it.
 */
export interface ComponentStore {
  read(key: string): Promise<string | undefined>;
  /** @param ttl - ms after which it may be forgotten. @default it stays */
  write(key: string, value: string, ttl?: number): Promise<void>;
  remove(key: string): Promise<void>;
  /** Runs `work` while no other instance runs its own for the same key. */
  exclusive<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Runs works of one key one after another, within this process. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  exclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.last.get(key) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.last.set(key, settled);
    void settled.then(() => {
      if (this.last.get(key) === settled) this.last.delete(key);
    });
    return turn;
  }
}

/** What one process knows; a restart forgets it. For tests and trials. */
export class MemoryComponentStore extends Turns implements ComponentStore {
  private readonly values = new Map<string, { value: string; expiresAt: number }>();

  /** @param now - the clock, in ms */
  constructor(private readonly now: () => number) {
    super();
  }

  async read(key: string): Promise<string | undefined> {
    const entry = this.values.get(key);
    return entry && entry.expiresAt > this.now() ? entry.value : undefined;
  }

  async write(key: string, value: string, ttl = Infinity): Promise<void> {
    for (const [other, { expiresAt }] of this.values) if (expiresAt <= this.now()) this.values.delete(other);
    this.values.set(key, { value, expiresAt: this.now() + ttl });
  }

  async remove(key: string): Promise<void> {
    this.values.delete(key);
  }
}
