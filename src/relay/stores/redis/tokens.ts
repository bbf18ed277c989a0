/** Tokens in Redis: those of sessions, and the platform's access tokens. */
import { setTimeout as sleep } from 'node:timers/promises';
import { digest } from '../../../invocation';
import type { AccessToken, TokenStore } from '../../../openapi';
import { newToken } from '../../secrets';
import type { Sessions } from '../stores';
import type { RedisClient } from './client';

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

/** Ms after which the lock of a killed instance expires. */
const LOCK_TTL_MS = 10_000;
/** Ms between two tries to get a lock. */
const LOCK_PAUSE_MS = 50;

/** KEYS: the lock. ARGV: its holder's mark, ms. Only the holder's own lock is extended or removed. */
const EXTEND = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const UNLOCK = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

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

  async exclusive<T>(appid: string, work: () => Promise<T>): Promise<T> {
    const [key, mark] = [`lock:token:${appid}`, newToken()];
    while ((await this.redis.set(key, mark, 'PX', LOCK_TTL_MS, 'NX')) !== 'OK') await sleep(LOCK_PAUSE_MS);
    const extending = setInterval(() => {
      // If this fails the lock may expire early; then another instance fetches too, which costs one request.
      this.redis.eval(EXTEND, 1, key, mark, LOCK_TTL_MS).catch(() => {});
    }, LOCK_TTL_MS / 3);
    try {
      return await work();
    } finally {
      clearInterval(extending);
      await this.redis.eval(UNLOCK, 1, key, mark).catch(() => {});
    }
  }
}
