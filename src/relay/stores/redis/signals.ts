import type { Redis } from 'ioredis';
import type { Signals } from '../signals';

type Listener = (id?: string) => void;

/** One connection that subscribes for all apps: one that does can do nothing else. */
export class RedisSubscriber {
  readonly #listeners = new Map<string, Listener[]>();
  #connection: Redis | undefined;

  constructor(private readonly client: Redis) {}

  async listen(channel: string, listener: Listener): Promise<void> {
    const listeners = this.#listeners.get(channel);
    if (listeners) return void listeners.push(listener);
    this.#listeners.set(channel, [listener]);
    await (this.#connection ??= this.#connect()).subscribe(channel);
  }

  async close(): Promise<void> {
    this.#connection?.disconnect();
  }

  #connect(): Redis {
    const connection = this.client.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
    // It connects again by itself, and subscribes again; what was sent meanwhile is lost.
    connection.on('error', () => {});
    connection.on('ready', () => {
      for (const channel of this.#listeners.keys()) this.#tell(channel);
    });
    connection.on('message', (channel, id) => this.#tell(channel, id));
    return connection;
  }

  #tell(channel: string, id?: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(id);
  }
}

/** Signals over all instances, by publish and subscribe. */
export class RedisSignals implements Signals {
  /** @param channel - prefix included, because the client puts it before keys alone */
  constructor(
    private readonly client: Redis,
    private readonly subscriber: RedisSubscriber,
    private readonly channel: string,
  ) {}

  async send(id: string): Promise<void> {
    await this.client.publish(this.channel, id);
  }

  listen(listener: Listener): Promise<void> {
    return this.subscriber.listen(this.channel, listener);
  }

  close(): Promise<void> {
    return this.subscriber.close();
  }
}
