import type { Redis } from 'ioredis';
import type { Signals } from '../signals';

/** Signals over all instances, by publish and subscribe. Each store of Redis has a file of its own. */
export class RedisSignals implements Signals {
  readonly #listeners: ((id?: string) => void)[] = [];
  /** A connection of its own: one that subscribes can do nothing else. */
  #subscriber: Redis | undefined;

  /** @param channel - prefix included, because the client puts it before keys alone */
  constructor(
    private readonly client: Redis,
    private readonly channel: string,
  ) {}

  async send(id: string): Promise<void> {
    await this.client.publish(this.channel, id);
  }

  async listen(listener: (id?: string) => void): Promise<void> {
    this.#listeners.push(listener);
    if (this.#subscriber) return;
    const subscriber = this.client.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
    this.#subscriber = subscriber;
    // It connects again by itself, and subscribes again; what was sent meanwhile is lost.
    subscriber.on('error', () => {});
    subscriber.on('ready', () => this.#tell());
    subscriber.on('message', (_channel, id) => this.#tell(id));
    await subscriber.subscribe(this.channel);
  }

  async close(): Promise<void> {
    this.#subscriber?.disconnect();
  }

  #tell(id?: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
