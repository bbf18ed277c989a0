import type { Redis as IoRedis, RedisOptions } from 'ioredis';
import type { Counters } from '../../../invocation';
import type { ComponentStore, TokenStore } from '../../../openapi';
import { errorText } from '../../../texts';
import type { DenialStore } from '../../owners/deny-list';
import { loadPeer } from '../../load-peer';
import { DeferredLog } from '../log';
import type { PushStore } from '../../push/push-store';
import type { Signals } from '../signals';
import type { AppStores, RelayOutcomes, Sessions } from '../stores';
import { type RedisClient, withPrefix } from './client';
import { RedisComponentStore } from './component';
import { RedisCounters } from './counters';
import { RedisDenials } from './denials';
import { RedisOutcomes } from './outcomes';
import { RedisPushes } from './pushes';
import { RedisSignals, RedisSubscriber } from './signals';
import { RedisSessions, RedisTokenStore } from './tokens';
import { RedisWatch } from './watch';

export interface RedisStoreOptions {
  /** For example `rediss://user:password@redis.internal:6379/0`. */
  url: string;
  /** The beginning of every key. @default 'servicemarket:' */
  prefix?: string;
  /**
   * Use also a server that may lose or evict intents; calls may then be billed twice when they are repeated.
   * @default false: such a server is refused
   */
  acceptLoss?: boolean;
  /** Days that the sums of usage are kept. @default 92 */
  usageDays?: number;
}

export interface RedisStores {
  sessions: Sessions;
  counters: Counters;
  /** Its `close()` ends the connection of all. */
  outcomes: RelayOutcomes;
  /** Who and what the owner has denied. */
  denials: DenialStore;
  /** What waits for the owner's hook. */
  pushes: PushStore;
  /** That a long task has its result. */
  signals: Signals;
  /** For `createOpenApi`. */
  tokens: TokenStore;
  /** For `createComponent`. */
  component: ComponentStore;
  /**
   * The stores of one app among several: its appid is in every key and channel. They end with the connection.
   *
   * @param appid - of small letters, digits, `-` and `_`
   */
  forApp(appid: string): AppStores;
}

/** Ms for one command. A call whose intent cannot be written is not sent. */
const COMMAND_TIMEOUT_MS = 5000;
const CONNECT_TIMEOUT_MS = 5000;
const DAY_MS = 86_400_000;
const DEFAULT_USAGE_DAYS = 92;
/** Ms between two tries to connect again, at most. */
const MAX_RECONNECT_PAUSE_MS = 1000;
/** A server that answers so is not the master (any more), or not yet ready: a new connection may lead to the master. */
const WRONG_SERVER = /^(?:READONLY|LOADING|MASTERDOWN)/;

/**
 * State that any number of instances share. Needs the package ioredis. The server must keep its data
 * (`appendonly yes`) and must not evict (`maxmemory-policy noeviction`); that is looked at here and while running.
 *
 * @throws Error when the package is missing, the server cannot be reached, or it is not safe to keep intents in
 */
export async function openRedisStores({
  url,
  prefix = 'servicemarket:',
  acceptLoss = false,
  usageDays = DEFAULT_USAGE_DAYS,
}: RedisStoreOptions): Promise<RedisStores> {
  const connection = await connectRedis(url, prefix);
  const log = new DeferredLog();
  try {
    const watch = await RedisWatch.open(connection.client, acceptLoss, log);
    connection.keepOpen();
    const redis = connection.client as unknown as RedisClient;
    const subscriber = new RedisSubscriber(connection.client);
    const openStores = (client: RedisClient, keys: string, onClose?: () => Promise<void>) => ({
      counters: new RedisCounters(client),
      outcomes: new RedisOutcomes(client, watch, log, usageDays * DAY_MS, onClose),
      denials: new RedisDenials(client),
      pushes: new RedisPushes(client, log),
      signals: new RedisSignals(connection.client, subscriber, `${keys}signals`),
    });
    return {
      sessions: new RedisSessions(redis),
      tokens: new RedisTokenStore(redis),
      component: new RedisComponentStore(redis),
      ...openStores(redis, prefix, async () => {
        await watch.close();
        // A connection that is lost needs no goodbye.
        await redis.quit().catch(() => {});
      }),
      forApp: (appid) => openStores(withPrefix(redis, `${appid}:`), `${prefix}${appid}:`),
    };
  } catch (error) {
    connection.end();
    throw error;
  }
}

export interface RedisConnection {
  client: IoRedis;
  /** From now on a connection that breaks is made anew. */
  keepOpen(): void;
  /** Ends it at once. */
  end(): void;
}

/** @throws Error when the package is missing or the server cannot be reached */
export async function connectRedis(url: string, prefix: string): Promise<RedisConnection> {
  const { Redis } = await loadPeer('ioredis', () => import('ioredis'));
  let isOpen = false;
  const client = createClient(Redis, url, {
    keyPrefix: prefix,
    lazyConnect: true,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 2,
    retryStrategy: (tries) => (isOpen ? Math.min(tries * 100, MAX_RECONNECT_PAUSE_MS) : null),
    // 2: connect again, and send the command again, which was not carried out.
    reconnectOnError: ({ message }) => (WRONG_SERVER.test(message) ? 2 : false),
  });
  // Every command reports its own failure; a listener keeps the lost connection from ending the process.
  let cause: Error | undefined;
  client.on('error', (error: Error) => (cause ??= error));
  const end = (): void => {
    // On a connection that has ended it would keep the process alive for two seconds.
    if (client.status !== 'end') client.disconnect();
  };
  try {
    await client.connect().catch((error: unknown) => {
      throw unreachable(cause ?? (error as Error));
    });
    if (cause) throw unreachable(cause);
  } catch (error) {
    end();
    throw error;
  }
  return { client, keepOpen: () => void (isOpen = true), end };
}

function createClient(Redis: typeof IoRedis, url: string, options: RedisOptions): IoRedis {
  try {
    return new Redis(url, options);
  } catch {
    // The cause would carry the URL, and so the password.
    throw new Error(errorText('redisUrlWrong', {}));
  }
}

/** Without a cause: it may carry the URL, and so the password. */
function unreachable({ code, message }: NodeJS.ErrnoException): Error {
  return new Error(errorText('redisUnreachable', { reason: code ?? message.replace(/\.$/, '') }));
}
