import { digest } from '../../invocation';
import type { RelayConfig } from './config-types';
import type { Source } from './read-config';

/** What every key of this app in Redis begins with: two apps on one server share nothing. */
export function redisPrefixOf(
  { prefix = '' }: NonNullable<RelayConfig['redis']>,
  env: Source['env'],
): string {
  return `${prefix}${env.WX_APPID ?? 'no-app'}:`;
}

/**
 * What the digests of users are keyed with, the same for all instances and for the commands beside them: a secret of
 * its own, or made of one that they share anyway.
 */
export function readUserSecret({
  RELAY_USER_SECRET,
  WX_SECRET,
  RELAY_JWT_SECRET,
}: Source['env']): string | undefined {
  if (RELAY_USER_SECRET) return RELAY_USER_SECRET;
  const shared = WX_SECRET ?? RELAY_JWT_SECRET;
  return shared && digest(`users: ${shared}`);
}
