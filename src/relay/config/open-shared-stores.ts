import { join } from 'node:path';
import { S3FileStore } from '../files/s3-store';
import type { ManyAppsOptions, RelayOptions } from '../options';
import { openRedisStores, type RedisStoreOptions } from '../stores/redis/open-redis-stores';
import type { ComponentStore, TokenStore } from '../../openapi';
import type { RelayConfig } from './config-types';

export interface SharedStoreOptions extends Pick<RelayConfig, 's3'> {
  redis?: Omit<RedisStoreOptions, 'url'>;
  /** Needed with `redis`. */
  redisUrl?: string;
  /** The relay's folder; files for S3 pass through it. */
  folder: string;
  /** The relay has several apps, each with its own part of Redis. */
  isMany: boolean;
}

/** What is open; `close` is for a start that fails before a relay has taken it over. */
export interface OpenedStores {
  stores: NonNullable<RelayOptions['stores'] & ManyAppsOptions['stores']>;
  tokens?: TokenStore;
  /** For a third-party platform. */
  component?: ComponentStore;
  close(): Promise<void>;
}

/** Opens what the configuration wants shared between instances. */
export async function openSharedStores({
  redis,
  redisUrl,
  s3,
  folder,
  isMany,
}: SharedStoreOptions): Promise<OpenedStores> {
  const files = s3 && (await S3FileStore.open({ ...s3, spool: join(folder, 'spool') }));
  if (!redis || !redisUrl) return { stores: { files }, close: async () => files?.close() };
  const { tokens, component, forApp, sessions, ...ofOneApp } = await openRedisStores({
    ...redis,
    url: redisUrl,
  });
  const closeRedis = (): Promise<void> => ofOneApp.outcomes.close();
  const stores = isMany
    ? { sessions, files, counters: ofOneApp.counters, pushes: ofOneApp.pushes, forApp, close: closeRedis }
    : { sessions, files, ...ofOneApp };
  return {
    stores,
    tokens,
    component,
    async close() {
      await closeRedis();
      await files?.close();
    },
  };
}
