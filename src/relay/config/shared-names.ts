import { digest } from '../../invocation';
import type { RelayConfig } from './config-types';
import { readEnv, type Source } from './read-config';

/** @returns the appid of a relay of one app, as keys have it */
export function appidOf({ WX_APPID }: Source['env']): string {
  return WX_APPID ?? 'no-app';
}

/**
 * What every key of an app in Redis begins with: two apps on one server share nothing.
 *
 * @param appid - undefined for what several apps have in common
 */
export function redisPrefixOf(
  { prefix = '' }: NonNullable<RelayConfig['redis']>,
  appid: string | undefined,
): string {
  return appid === undefined ? prefix : `${prefix}${appid}:`;
}

/**
 * What the digests of users are keyed with, the same for all instances and for the commands beside them: a secret of
 * its own, or made of one that they share anyway.
 */
export function readUserSecret(source: Source): string | undefined {
  const { RELAY_USER_SECRET } = source.env;
  if (RELAY_USER_SECRET) return RELAY_USER_SECRET;
  const shared =
    readEnv(source, 'WX_SECRET') ??
    readEnv(source, 'RELAY_JWT_SECRET') ??
    (source.suffix === '' ? undefined : source.env.WX_COMPONENT_SECRET);
  return shared && digest(`users: ${shared}`);
}
