import type { ComponentStore } from '../../../openapi';
import type { RedisClient } from './client';
import { withLock } from './lock';

/** What a third-party platform keeps, for all instances. Refresh tokens have no end, so that none is ever evicted. */
export class RedisComponentStore implements ComponentStore {
  constructor(private readonly redis: RedisClient) {}

  async read(key: string): Promise<string | undefined> {
    return (await this.redis.get(key)) ?? undefined;
  }

  async write(key: string, value: string, ttl?: number): Promise<void> {
    if (ttl === undefined) await this.redis.set(key, value);
    else await this.redis.set(key, value, 'PX', Math.max(1, Math.ceil(ttl)));
  }

  async remove(key: string): Promise<void> {
    await this.redis.del(key);
  }

  exclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    return withLock(this.redis, `lock:${key}`, work);
  }
}
