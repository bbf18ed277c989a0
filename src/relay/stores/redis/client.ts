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
