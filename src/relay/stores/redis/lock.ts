import { setTimeout as sleep } from 'node:timers/promises';
import { newToken } from '../../secrets';
import type { RedisClient } from './client';

/** Ms after which the lock of a killed instance expires. */
const LOCK_TTL_MS = 10_000;
/** Ms between two tries to get a lock. */
const LOCK_PAUSE_MS = 50;

/** KEYS: the lock. ARGV: its holder's mark, ms. Only the holder's own lock is extended or removed. */
const EXTEND = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const UNLOCK = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * Runs `work` while no other instance runs its own under the same lock. An instance that stands still for longer than the
 * lock lives may lose it: what works do must bear that.
 */
export async function withLock<T>(redis: RedisClient, key: string, work: () => Promise<T>): Promise<T> {
  const mark = newToken();
  while ((await redis.set(key, mark, 'PX', LOCK_TTL_MS, 'NX')) !== 'OK') await sleep(LOCK_PAUSE_MS);
  const extending = setInterval(() => {
    // If this fails the lock may expire early; then another instance fetches too, which costs one request.
    redis.eval(EXTEND, 1, key, mark, LOCK_TTL_MS).catch(() => {});
  }, LOCK_TTL_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(extending);
    await redis.eval(UNLOCK, 1, key, mark).catch(() => {});
  }
}
