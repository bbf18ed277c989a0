import { text } from '../../texts';
import { digest } from '../../invocation';
import { authenticateByType } from '../auth/by-type';
import { jwtAuthenticator, MIN_SECRET_BYTES } from '../auth/jwt';
import { wxCodeAuthenticator } from '../auth/wx-code';
import type { Authenticate, RelayOptions } from '../options';
import type { ListenOptions } from '../start-relay';
import { createOpenApi, type OpenApi, type SecurityOptions } from '../../openapi';
import { createWebHook } from '../push/web-hook';
import type { PushConfig, RelayConfig, SecurityConfig } from './config-types';
import { openSharedStores } from './open-shared-stores';
import { faulty, readConfig, readText, requireEnv, type Source, sourceOf } from './read-config';
import { readUserSecret, redisPrefixOf } from './shared-names';

/** What the command line adds to the file. */
export interface ConfigOverrides {
  port?: number;
  /** The platform's server. */
  upstream?: string;
  /** Where secrets come from. @default process.env */
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the relay's configuration file and makes the options of `startRelay`. Secrets come by environment
 * only: WX_APPID, WX_SECRET; WX_SYMMETRIC_KEY and WX_PRIVATE_KEY, which may be files too; WX_PUSH_TOKEN,
 * WX_PUSH_AES_KEY and RELAY_HOOK_SECRET; RELAY_JWT_SECRET; RELAY_FILE_SECRET; RELAY_METRICS_TOKEN;
 * REDIS_URL; for S3 the usual AWS variables.
 *
 * @throws Error that names the file, the place, the key and what is allowed, or the variable that is missing
 * @example
 * const relay = await startRelay(await loadRelayConfig('relay.config.json'));
 */
export async function loadRelayConfig(
  file: string,
  { env = process.env, ...overrides }: ConfigOverrides = {},
): Promise<RelayOptions & ListenOptions> {
  const config = await readConfig(file);
  const {
    users,
    upstream,
    tokenMode,
    security,
    push,
    upstreamTimeout,
    tls,
    logLevel,
    redis,
    s3,
    metrics,
    ...relayOptions
  } = config;
  const source = sourceOf(file, env);

  // Secrets and keys first: what is missing is said before anything is opened.
  const needsPlatform = users.wx === true || Object.keys(config.services ?? {}).length > 0;
  const account = needsPlatform && {
    appid: requireEnv(source, 'WX_APPID', text('needsAccount')),
    secret: requireEnv(source, 'WX_SECRET', text('needsAccount')),
  };
  const keys = security && findKeys(security, source);
  const pushes = push && findPushOptions(push, source);
  const jwt = users.jwt && (await openJwt(users.jwt, source));
  const pem = tls && {
    key: await readText(source.resolvePath(tls.keyFile)),
    cert: await readText(source.resolvePath(tls.certFile)),
  };
  const redisUrl = redis && requireEnv(source, 'REDIS_URL', '"redis"');
  const fileSecret = s3 && readFileSecret(source);
  const metricsToken = metrics && readMetricsToken(metrics, source);

  const folder = source.resolvePath(config.folder as string);
  const shared = await openSharedStores({
    redis: redis && { ...redis, prefix: redisPrefixOf(redis, env), usageDays: config.usageDays },
    s3,
    redisUrl,
    folder,
  });
  let openApi: OpenApi | undefined;
  try {
    openApi = account
      ? createOpenApi({
          ...account,
          baseUrl: overrides.upstream ?? upstream,
          tokenMode,
          security: keys,
          timeout: upstreamTimeout,
          tokens: shared.tokens,
        })
      : undefined;
  } catch (error) {
    await shared.close();
    throw error;
  }
  const authenticators: Record<string, Authenticate> = {};
  if (users.wx && openApi) authenticators.wx = wxCodeAuthenticator({ openApi });
  if (jwt) authenticators.jwt = jwt;
  return {
    ...relayOptions,
    port: overrides.port ?? config.port,
    folder,
    openApi,
    authenticate: authenticateByType(authenticators),
    stores: shared.stores,
    fileSecret,
    userSecret: readUserSecret(env),
    appid: env.WX_APPID,
    ...pushes,
    metrics: metrics && { ...metrics, token: metricsToken },
    grace: (upstreamTimeout as number) + GRACE_MARGIN_MS,
    logger: { level: logLevel },
    ...(pem && { tls: pem }),
  };
}

/** Beside the platform's answer: for what came before the call, and for storing the outcome. */
const GRACE_MARGIN_MS = 5000;

/** The secret of file ids that all instances of a bucket share: one of its own, or made of one that they share anyway. */
function readFileSecret(source: Source): string {
  const { env } = source;
  if (env.RELAY_FILE_SECRET) return requireEnv(source, 'RELAY_FILE_SECRET', '"s3"');
  const shared = env.WX_SECRET ?? env.RELAY_JWT_SECRET;
  if (shared) return digest(`file ids: ${shared}`);
  return requireEnv(source, 'RELAY_FILE_SECRET', text('needsFileSecret'));
}

/** Needed on the relay's own port, which strangers reach. */
function readMetricsToken({ port }: NonNullable<RelayConfig['metrics']>, source: Source): string | undefined {
  const name = 'RELAY_METRICS_TOKEN';
  if (port !== undefined && !source.env[name]) return undefined;
  return requireEnv(source, name, '"metrics"');
}

async function openJwt(
  { publicKeyFile, ...claims }: NonNullable<RelayConfig['users']['jwt']>,
  source: Source,
): Promise<Authenticate> {
  if (publicKeyFile !== undefined) {
    return jwtAuthenticator({ ...claims, publicKey: await readText(source.resolvePath(publicKeyFile)) });
  }
  const secret = requireEnv(source, 'RELAY_JWT_SECRET', text('needsJwtSecret'));
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    const values = { where: source.file, name: 'RELAY_JWT_SECRET', least: MIN_SECRET_BYTES };
    throw faulty('relayEnvShort', values);
  }
  return jwtAuthenticator({ ...claims, secret });
}

/** What the console shows beside the address for pushes, and the owner's hook. */
function findPushOptions({ mode, hook }: PushConfig, source: Source): Pick<RelayOptions, 'push' | 'onPush'> {
  const user = '"push"';
  return {
    push: {
      mode,
      appid: requireEnv(source, 'WX_APPID', user),
      token: requireEnv(source, 'WX_PUSH_TOKEN', user),
      encodingAESKey:
        mode === 'plain' ? source.env.WX_PUSH_AES_KEY : requireEnv(source, 'WX_PUSH_AES_KEY', user),
    },
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
function readPemVariable({ env, file }: Source, name: string, user: string): string {
  const value = env[name];
  if (!value) throw faulty('relayEnvMissing', { where: file, user, name });
  return value.replace(/\\n/g, '\n');
}
