import { join } from 'node:path';
import { S3FileStore } from '../files/s3-store';
import type { RelayOptions } from '../options';
import { openRedisStores } from '../redis/open-redis-stores';
import type { TokenStore } from '../upstream/token-store';
import type { RelayConfig } from './config-types';

export interface SharedStoreOptions extends Pick<RelayConfig, 'redis' | 's3'> {
  /** Needed with `redis`. */
  redisUrl?: string;
  /** The relay's folder; files for S3 pass through it. */
  folder: string;
}

/** Opens what the configuration wants shared between instances. */
export async function openSharedStores({
  redis,
  redisUrl,
  s3,
  folder,
}: SharedStoreOptions): Promise<{ stores: RelayOptions['stores']; tokens?: TokenStore }> {
  const files = s3 && (await S3FileStore.open({ ...s3, spool: join(folder, 'spool') }));
  if (!redis || !redisUrl) return { stores: { files } };
  const { tokens, ...stores } = await openRedisStores({ url: redisUrl, prefix: redis.prefix });
  return { stores: { ...stores, files }, tokens };
}
