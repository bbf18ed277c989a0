import { digest } from '../../invocation';
import { newToken } from '../secrets';
import type { Sessions } from '../state/sessions';
import type { RedisClient } from './redis-client';

/** Sessions that every instance knows. */
export class RedisSessions implements Sessions {
  constructor(private readonly redis: RedisClient) {}

  async create(userId: string, ttl: number): Promise<string> {
    const token = newToken();
    await this.redis.set(keyOf(token), userId, 'PX', ttl * 1000);
    return token;
  }

  async find(token: string): Promise<string | undefined> {
    return (await this.redis.get(keyOf(token))) ?? undefined;
  }

  async revoke(token: string): Promise<void> {
    await this.redis.del(keyOf(token));
  }
}

function keyOf(token: string): string {
  return `session:${digest(token)}`;
}
