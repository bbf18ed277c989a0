/** Writes between two walks that drop what has expired. */
const WRITES_PER_SWEEP = 1024;

/** A map whose entries end at a time of their own, and which never holds more than `capacity` of them. */
export class ExpiringMap<V> {
  readonly #entries = new Map<string, { value: V; expiresAt: number }>();
  #writes = 0;

  /**
   * @param now - the clock, in ms
   * @param capacity - beyond it the oldest entry makes room
   */
  constructor(
    private readonly now: () => number,
    private readonly capacity = 200_000,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

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
    if (this.#entries.size >= this.capacity)
      this.#entries.delete(this.#entries.keys().next().value as string);
    this.#entries.set(key, { value, expiresAt: this.now() + ttl });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #sweep(): void {
    const now = this.now();
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key);
  }
}
