import type { Redis as IoRedis, RedisOptions } from 'ioredis';
import type { Counters, Outcomes } from '../../../invocation';
import type { TokenStore } from '../../../openapi';
import { loadPeer } from '../../load-peer';
import type { Sessions } from '../stores';
import type { RedisClient } from './client';
import { RedisCounters } from './counters';
import { RedisOutcomes } from './outcomes';
import { RedisSessions, RedisTokenStore } from './tokens';

export interface RedisStoreOptions {
  /** For example `rediss://user:password@redis.internal:6379/0`. */
  url: string;
  /** The beginning of every key. @default 'servicemarket:' */
  prefix?: string;
}

export interface RedisStores {
  sessions: Sessions;
  counters: Counters;
  /** Its `close()` ends the connection of all four. */
  outcomes: Outcomes;
  /** For `createOpenApi`. */
  tokens: TokenStore;
}

/** Ms for one command. A call whose intent cannot be written is not sent. */
const COMMAND_TIMEOUT_MS = 5000;

/**
 * State that any number of instances share. Needs the package ioredis; the server must keep its data
 * (`appendonly yes`) and must not evict (`maxmemory-policy noeviction`).
 *
 * @throws Error when the package is missing or the server cannot be reached
 */
export async function openRedisStores({
  url,
  prefix = 'servicemarket:',
}: RedisStoreOptions): Promise<RedisStores> {
  const { Redis } = await loadPeer('ioredis', () => import('ioredis'));
  const client = createClient(Redis, url, {
    keyPrefix: prefix,
    lazyConnect: true,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 2,
  });
  // Every command reports its own failure; a listener keeps the lost connection from ending the process.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    const { code, message } = error as NodeJS.ErrnoException;
    // eslint-disable-next-line preserve-caught-error -- it may carry the URL, and so the password
    throw new Error(`Failed to reach Redis: ${code ?? message}. Check REDIS_URL.`);
  }
  return createStores(client as unknown as RedisClient);
}

function createClient(Redis: typeof IoRedis, url: string, options: RedisOptions): IoRedis {
  try {
    return new Redis(url, options);
  } catch {
    // The cause would carry the URL, and so the password.
    throw new Error('Failed to reach Redis: its address is no URL. Check REDIS_URL.');
  }
}

function createStores(redis: RedisClient): RedisStores {
  return {
    sessions: new RedisSessions(redis),
    counters: new RedisCounters(redis),
    outcomes: new RedisOutcomes(redis),
    tokens: new RedisTokenStore(redis),
  };
}
