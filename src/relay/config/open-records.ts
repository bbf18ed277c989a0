import { errorText, text } from '../../texts';
import type { Records, UsageRow } from '../owners/records';
import { userDigester } from '../owners/user-digest';
import { FolderRecords } from '../stores/folder/records';
import { RedisRecords } from '../stores/redis/records';
import { secretOfApp } from '../secrets';
import { findApp, readConfig, requireEnv, sourceOf } from './read-config';
import { appidOf, readUserSecret, redisPrefixOf } from './shared-names';

/** What is kept of a relay's calls. */
export interface OwnerRecords extends Records {
  /** @returns the digest by which records know a user */
  digestUser(userId: string): string;
}

/**
 * Opens the records of the relay that is configured by a file, beside it: from its folder, or from Redis. Nothing is
 * changed. Secrets come by environment, as those of the relay do.
 *
 * @param app - whose they are, where the relay has several apps. Without it only the usage of all can be read
 * @param warn - called where something is damaged, and so left out. @default a warning of the process
 * @throws Error that names the file and the key, or the variable that is missing
 * @example
 * const records = await openRecords('relay.config.json');
 * const calls = await records.findCalls({ user: records.digestUser('wx:OPENID') });
 */
export async function openRecords(
  file: string,
  env = process.env,
  app?: string,
  warn: (message: string) => void = (message) => process.emitWarning(message),
): Promise<OwnerRecords> {
  const config = await readConfig(file);
  if (config.apps && app === undefined) {
    return openAllRecords(Object.keys(config.apps), (appid) => openRecords(file, env, appid, warn));
  }
  const { redis, folder, usageDays = 0 } = config;
  const { scope } = findApp(config, app);
  const source = sourceOf(file, env, scope);
  const appid = scope ?? env.WX_APPID ?? '';
  const records = redis
    ? await RedisRecords.open(requireEnv(sourceOf(file, env), 'REDIS_URL', '"redis"'), {
        prefix: redisPrefixOf(redis, scope ?? appidOf(env)),
        appid,
        maxDays: usageDays,
      })
    : new FolderRecords(
        source.resolvePath(folder as string),
        usageDays,
        ({ path }) => warn(text('usageDamaged', { path })),
        scope,
      );
  return Object.assign(records, {
    digestUser(userId: string): string {
      const secret = readUserSecret(source) ?? requireEnv(source, 'WX_SECRET', '--user');
      return userDigester(secretOfApp(secret, scope))(userId);
    },
  });
}

/** Sums of all apps; a call or a user is one app's. */
function openAllRecords(
  appids: readonly string[],
  openOf: (appid: string) => Promise<OwnerRecords>,
): OwnerRecords {
  const refuse = (): never => {
    throw new Error(errorText('appNeeded', { apps: appids.join(', ') }));
  };
  return {
    findCalls: async () => refuse(),
    digestUser: refuse,
    async readUsage() {
      const rows: UsageRow[] = [];
      for (const appid of appids) {
        const records = await openOf(appid);
        try {
          rows.push(...(await records.readUsage()));
        } finally {
          await records.close();
        }
      }
      return rows;
    },
    close: async () => {},
  };
}
