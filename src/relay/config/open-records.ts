import type { Records } from '../owners/records';
import { userDigester } from '../owners/user-digest';
import { FolderRecords } from '../stores/folder/records';
import { RedisRecords } from '../stores/redis/records';
import { readConfig, requireEnv, sourceOf } from './read-config';
import { readUserSecret, redisPrefixOf } from './shared-names';

/** What is kept of a relay's calls. */
export interface OwnerRecords extends Records {
  /** @returns the digest by which records know a user */
  digestUser(userId: string): string;
}

/**
 * Opens the records of the relay that is configured by a file, beside it: from its folder, or from Redis. Nothing is
 * changed. Secrets come by environment, as those of the relay do.
 *
 * @throws Error that names the file and the key, or the variable that is missing
 * @example
 * const records = await openRecords('relay.config.json');
 * const calls = await records.findCalls({ user: records.digestUser('wx:OPENID') });
 */
export async function openRecords(file: string, env = process.env): Promise<OwnerRecords> {
  const { redis, folder, usageDays = 0 } = await readConfig(file);
  const source = sourceOf(file, env);
  const records = redis
    ? await RedisRecords.open(requireEnv(source, 'REDIS_URL', '"redis"'), {
        prefix: redisPrefixOf(redis, env),
        appid: env.WX_APPID ?? '',
        maxDays: usageDays,
      })
    : new FolderRecords(source.resolvePath(folder as string), usageDays);
  return Object.assign(records, {
    digestUser(userId: string): string {
      const secret = readUserSecret(env) ?? requireEnv(source, 'WX_SECRET', '--user');
      return userDigester(secret)(userId);
    },
  });
}
