import { text } from '../../texts';
import { authenticateByType } from '../auth/by-type';
import { isJwtFor, jwtAuthenticator, MIN_SECRET_BYTES } from '../auth/jwt';
import { wxCodeAuthenticator } from '../auth/wx-code';
import type { AppOptions, Authenticate, OneOfApps } from '../apps/app-options';
import { type Component, createOpenApi, type OpenApiOptions, type SecurityOptions } from '../../openapi';
import { createWebHook } from '../push/web-hook';
import type { ComponentPush } from './load-component';
import type { AppConfig, PushConfig, SecurityConfig } from './config-types';
import { type ConfiguredApp, faulty, readEnv, readText, requireEnv, type Source } from './read-config';
import { readUserSecret } from './shared-names';

/** What all apps of a relay have in common: where the platform is, and where tokens are kept. */
export type Platform = Pick<OpenApiOptions, 'baseUrl' | 'timeout' | 'tokens'>;

/**
 * Finds the secrets and keys of one app.
 *
 * @returns what makes the app's options of them: what is missing is said before anything is opened
 * @throws Error that names the file, the key and the variable that is missing
 */
export async function prepareApp(
  { appid, config }: ConfiguredApp,
  source: Source,
  componentPush?: ComponentPush,
): Promise<(platform: Platform, component?: Component) => OneOfApps> {
  const { users = {}, tokenMode, security, push, component: isOfComponent, ...options } = config;
  const needsPlatform = users.wx === true || Object.keys(config.services ?? {}).length > 0;
  const account = needsPlatform && {
    appid: appid ?? requireEnv(source, 'WX_APPID', text('needsAccount')),
    // Of an app that has authorized a third-party platform, that has what stands for its secret.
    secret: isOfComponent ? undefined : requireEnv(source, 'WX_SECRET', text('needsAccount')),
  };
  const keys = security && findKeys(security, source);
  const pushes = push && findPushOptions(push, source, appid, isOfComponent ? componentPush : undefined);
  // A token that the owner of another app has signed with the same key must not be good here.
  const claims = users.jwt && { ...users.jwt, audience: users.jwt.audience ?? appid };
  const jwt = claims && (await openJwt(claims, source));

  return (platform, component) => {
    const authority = account && isOfComponent && { account: component?.forApp(account.appid) };
    const openApi = account
      ? createOpenApi({ ...account, ...authority, ...platform, tokenMode, security: keys })
      : undefined;
    const authenticators: Record<string, Authenticate> = {};
    if (users.wx && openApi) authenticators.wx = wxCodeAuthenticator({ openApi });
    if (jwt) authenticators.jwt = jwt;
    return {
      ...options,
      openApi,
      authenticate: authenticateByType(authenticators),
      userSecret: readUserSecret(source),
      ...pushes,
      ...(claims && { recognizes: isJwtFor(claims) }),
    };
  };
}

async function openJwt(
  { publicKeyFile, ...claims }: NonNullable<AppConfig['users']['jwt']>,
  source: Source,
): Promise<Authenticate> {
  if (publicKeyFile !== undefined) {
    return jwtAuthenticator({ ...claims, publicKey: await readText(source.resolvePath(publicKeyFile)) });
  }
  const secret = requireEnv(source, 'RELAY_JWT_SECRET', text('needsJwtSecret'));
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    const name = `RELAY_JWT_SECRET${source.suffix}`;
    const values = { where: source.file, name, least: MIN_SECRET_BYTES };
    throw faulty('relayEnvShort', values);
  }
  return jwtAuthenticator({ ...claims, secret });
}

/** What the console shows beside the address for pushes, and the owner's hook. */
function findPushOptions(
  { mode, hook }: PushConfig,
  source: Source,
  appid?: string,
  ofComponent?: ComponentPush,
): Pick<AppOptions, 'push' | 'onPush'> {
  const user = '"push"';
  const own = (): ComponentPush => ({
    mode,
    appid: appid ?? requireEnv(source, 'WX_APPID', user),
    token: requireEnv(source, 'WX_PUSH_TOKEN', user),
    encodingAESKey:
      mode === 'plain' ? readEnv(source, 'WX_PUSH_AES_KEY') : requireEnv(source, 'WX_PUSH_AES_KEY', user),
  });
  return {
    push: ofComponent ?? own(),
    ...(hook !== undefined && {
      onPush: createWebHook({ url: hook, secret: requireEnv(source, 'RELAY_HOOK_SECRET', '"push.hook"') }),
    }),
  };
}

/** The keys of API security: from the files that the configuration names, else from the environment. */
function findKeys(security: SecurityConfig, source: Source): SecurityOptions {
  const { symmetric, privateKeyFile, platformCertificate: certificate, calls } = security;
  return {
    symmetric:
      symmetric.keyFile === undefined
        ? {
            sn: symmetric.sn,
            key: requireEnv(source, 'WX_SYMMETRIC_KEY', text('needsSymmetricKey')),
          }
        : { sn: symmetric.sn, keyFile: source.resolvePath(symmetric.keyFile) },
    ...(privateKeyFile === undefined
      ? { privateKey: readPemVariable(source, 'WX_PRIVATE_KEY', text('needsPrivateKey')) }
      : { privateKeyFile: source.resolvePath(privateKeyFile) }),
    platformCertificate: { sn: certificate.sn, file: source.resolvePath(certificate.file) },
    calls,
  };
}

/** PEM has line ends, which many a place for variables keeps as `\\n` only. */
function readPemVariable(source: Source, base: string, user: string): string {
  const value = readEnv(source, base);
  const name = base + source.suffix;
  if (!value) throw faulty('relayEnvMissing', { where: source.file, user, name });
  return value.replace(/\\n/g, '\n');
}
