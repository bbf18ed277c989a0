import { errorText } from '../../texts';
import { ownerOf } from '../apps/apps';
import type { Denial } from '../owners/deny-list';
import { FolderDenials } from '../stores/folder/denials';
import { recordPaths } from '../stores/folder/records';
import { type RedisClient, withPrefix } from '../stores/redis/client';
import { RedisDenials } from '../stores/redis/denials';
import { connectRedis } from '../stores/redis/open-redis-stores';
import { RedisSessions } from '../stores/redis/tokens';
import { findApp, readConfig, requireEnv, sourceOf } from './read-config';
import { appidOf, redisPrefixOf } from './shared-names';

/** Whom and what a relay refuses. Running relays follow within two seconds. */
export interface OwnerDenials {
  /**
   * Ends the sessions of a user and lets the user in no more, or sends no new calls to a service.
   *
   * @throws Error for a service that the configuration does not list
   */
  deny(denial: Denial): Promise<void>;
  allow(denial: Denial): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the denials of the relay that is configured by a file, beside it: in its folder, or in Redis.
 *
 * @param app - whose they are, where the relay has several apps
 * @throws Error that names the file and the key, or the variable that is missing
 * @example
 * const denials = await openDenials('relay.config.json');
 * await denials.deny({ kind: 'user', name: 'wx:OPENID' });
 */
export async function openDenials(file: string, env = process.env, app?: string): Promise<OwnerDenials> {
  const config = await readConfig(file);
  const { redis, folder } = config;
  const {
    scope,
    config: { services = {} },
  } = findApp(config, app);
  const source = sourceOf(file, env);
  const requireListed = ({ kind, name: service }: Denial): void => {
    if (kind === 'service' && !Object.hasOwn(services, service)) {
      throw new Error(errorText('serviceNotListed', { service }));
    }
  };
  if (!redis) {
    // The relay itself, which alone knows its sessions, ends those of a user.
    const denials = new FolderDenials(recordPaths(source.resolvePath(folder as string), scope).denials);
    return {
      async deny(denial) {
        requireListed(denial);
        await denials.add(denial);
      },
      allow: (denial) => denials.remove(denial),
      close: async () => {},
    };
  }
  const prefix = redisPrefixOf(redis, scope === undefined ? appidOf(env) : undefined);
  const { client } = await connectRedis(requireEnv(source, 'REDIS_URL', '"redis"'), prefix);
  const all = client as unknown as RedisClient;
  const denials = new RedisDenials(scope === undefined ? all : withPrefix(all, redisPrefixOf({}, scope)));
  const sessions = new RedisSessions(all);
  return {
    async deny(denial) {
      requireListed(denial);
      await denials.add(denial);
      // Also where no relay runs now, which would do it.
      if (denial.kind === 'user') await sessions.revokeUser(ownerOf({ scope }, denial.name));
    },
    allow: (denial) => denials.remove(denial),
    close: async () => void (await client.quit()),
  };
}
