import { join } from 'node:path';
import { S3FileStore } from '../files/s3-store';
import type { RelayOptions } from '../options';
import { openRedisStores, type RedisStoreOptions } from '../stores/redis/open-redis-stores';
import type { ComponentStore, TokenStore } from '../../openapi';
import type { RelayConfig } from './config-types';

export interface SharedStoreOptions extends Pick<RelayConfig, 's3'> {
  redis?: Omit<RedisStoreOptions, 'url'>;
  /** Needed with `redis`. */
  redisUrl?: string;
  /** The relay's folder; files for S3 pass through it. */
  folder: string;
}

/** What is open; `close` is for a start that fails before a relay has taken it over. */
export interface SharedStores {
  stores: NonNullable<RelayOptions['stores']>;
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
}: SharedStoreOptions): Promise<SharedStores> {
  const files = s3 && (await S3FileStore.open({ ...s3, spool: join(folder, 'spool') }));
  if (!redis || !redisUrl) return { stores: { files }, close: async () => files?.close() };
  const { tokens, component, ...stores } = await openRedisStores({ ...redis, url: redisUrl });
  return {
    stores: { ...stores, files },
    tokens,
    component,
    async close() {
      await stores.outcomes.close();
      await files?.close();
    },
  };
}
