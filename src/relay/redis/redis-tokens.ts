import { setTimeout as sleep } from 'node:timers/promises';
import { newToken } from '../secrets';
import type { AccessToken, TokenStore } from '../../openapi';
import type { RedisClient } from './redis-client';

/** Ms after which the lock of an instance that died is free, and between two looks at a lock. */
const LEASE = 10_000;
const PAUSE = 50;

/** KEYS: the lock. ARGV: its holder's mark, ms. Nobody ends or prolongs a lock that has become another's. */
const PROLONG = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
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
    while ((await this.redis.set(key, mark, 'PX', LEASE, 'NX')) !== 'OK') await sleep(PAUSE);
    const prolonging = setInterval(() => {
      // A failure shortens the lease; then another instance may fetch too, which costs a request and no more.
      this.redis.eval(PROLONG, 1, key, mark, LEASE).catch(() => {});
    }, LEASE / 3);
    try {
      return await work();
    } finally {
      clearInterval(prolonging);
      await this.redis.eval(UNLOCK, 1, key, mark).catch(() => {});
    }
  }
}
