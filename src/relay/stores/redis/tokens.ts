/** Tokens in Redis: those of sessions, and the platform's access tokens. */
import { digest } from '../../../invocation';
import type { AccessToken, TokenStore } from '../../../openapi';
import { newToken } from '../../secrets';
import type { Sessions } from '../stores';
import type { RedisClient } from './client';
import { withLock } from './lock';

/** Sessions that every instance knows. */
export class RedisSessions implements Sessions {
  constructor(private readonly redis: RedisClient) {}

  async create(userId: string, ttl: number): Promise<string> {
    const token = newToken();
    await this.redis.set(sessionKey(token), userId, 'PX', ttl * 1000);
    return token;
  }

  async find(token: string): Promise<string | undefined> {
    return (await this.redis.get(sessionKey(token))) ?? undefined;
  }

  async revoke(token: string): Promise<void> {
    await this.redis.del(sessionKey(token));
  }

  async revokeUser(userId: string): Promise<void> {
    let cursor = '0';
    do {
      cursor = String(await this.redis.eval(REVOKE_OF_USER, 1, 'session:*', cursor, userId));
    } while (cursor !== '0');
  }
}

/** KEYS: the pattern of all sessions. ARGV: cursor, user. A page at a time, so that no other command waits long. */
const REVOKE_OF_USER = `
local page = redis.call('SCAN', ARGV[1], 'MATCH', KEYS[1], 'COUNT', 1000)
for _, key in ipairs(page[2]) do
  if redis.call('GET', key) == ARGV[2] then redis.call('DEL', key) end
end
return page[1]`;

function sessionKey(token: string): string {
  return `session:${digest(token)}`;
}

/** Access tokens that all instances share; one of them fetches at a time. */
export class RedisTokenStore implements TokenStore {
  constructor(private readonly redis: RedisClient) {}

  async read(appid: string): Promise<AccessToken | undefined> {
    const text = await this.redis.get(`token:${appid}`);
    return text === null ? undefined : (JSON.parse(text) as AccessToken);
  }

  async write(appid: string, token: AccessToken): Promise<void> {
    const ttl = Math.max(1, Math.ceil(token.expiresAt - Date.now()));
    await this.redis.set(`token:${appid}`, JSON.stringify(token), 'PX', ttl);
  }

  exclusive<T>(appid: string, work: () => Promise<T>): Promise<T> {
    return withLock(this.redis, `lock:token:${appid}`, work);
  }
}
