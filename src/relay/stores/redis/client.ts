/** The part of an ioredis client that is used here. Its `keyPrefix` applies to every key. */
export interface RedisClient {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  set(key: string, value: string, unit: 'PX', ttl: number): Promise<unknown>;
  set(key: string, value: string, unit: 'PX', ttl: number, mode: 'NX'): Promise<'OK' | null>;
  del(key: string): Promise<number>;
  eval(script: string, keys: 1 | 2 | 3, ...args: (string | number)[]): Promise<unknown>;
  ping(): Promise<unknown>;
  quit(): Promise<unknown>;
}

/** The same connection for one app: every key that goes through it begins with `prefix`, after the client's own. */
export function withPrefix(client: RedisClient, prefix: string): RedisClient {
  return {
    get: (key) => client.get(prefix + key),
    set: ((key: string, ...rest: [value: string]) => client.set(prefix + key, ...rest)) as RedisClient['set'],
    del: (key) => client.del(prefix + key),
    eval: (script, keys, ...args) =>
      client.eval(script, keys, ...args.map((arg, index) => (index < keys ? `${prefix}${arg}` : arg))),
    ping: () => client.ping(),
    quit: () => client.quit(),
  };
}
