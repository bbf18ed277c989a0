import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { authenticateByType } from '../auth/by-type';
import { jwtAuthenticator, SECRET_BYTES } from '../auth/jwt';
import { wxCodeAuthenticator } from '../auth/wx-code';
import type { Authenticate, RelayOptions } from '../options';
import type { ListenOptions } from '../start-relay';
import { createOpenApi, type OpenApi, type TokenStore } from '../../openapi';
import { CONFIG_RULES } from './config-rules';
import type { RelayConfig } from './config-types';
import { openSharedStores } from './open-shared-stores';
import { findFault } from './rules';

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
 * only: WX_APPID, WX_SECRET; RELAY_JWT_SECRET; REDIS_URL; for S3 the usual AWS variables.
 *
 * @throws Error that names the file, the key and what is allowed, or the variable that is missing
 * @example
 * const relay = await startRelay(await loadRelayConfig('relay.config.json'));
 */
export async function loadRelayConfig(
  file: string,
  { env = process.env, ...overrides }: ConfigOverrides = {},
): Promise<RelayOptions & ListenOptions> {
  const config = await readConfig(file);
  const { users, upstream, tokenMode, upstreamTimeout, tls, logLevel, redis, s3, ...same } = config;
  const near = (path: string): string => resolve(dirname(file), path);
  const asks = (what: string, name: string): string => {
    const value = env[name];
    if (!value) throw faulty(file, `${what} needs the environment variable ${name}`, 'Set it.');
    return value;
  };
  const needsPlatform = users.wx === true || Object.keys(config.services ?? {}).length > 0;
  const account = needsPlatform && {
    appid: asks('"services" or "users.wx"', 'WX_APPID'),
    secret: asks('"services" or "users.wx"', 'WX_SECRET'),
  };
  const jwt = users.jwt && (await jwtOptions(users.jwt, near, env, file));
  const pem = tls && { key: await readText(near(tls.keyFile)), cert: await readText(near(tls.certFile)) };

  const folder = near(config.folder ?? 'relay-data');
  const redisUrl = redis && asks('"redis"', 'REDIS_URL');
  const shared = await openSharedStores({ redis, s3, redisUrl, folder });
  const platform = { baseUrl: overrides.upstream ?? upstream, tokenMode, upstreamTimeout };
  let openApi: OpenApi | undefined;
  try {
    if (account) openApi = makeOpenApi(account, platform, shared.tokens);
  } catch (error) {
    await shared.close();
    throw error;
  }
  const checks: Record<string, Authenticate> = {};
  if (users.wx && openApi) checks.wx = wxCodeAuthenticator({ openApi });
  if (jwt) checks.jwt = jwt;
  return {
    ...same,
    port: overrides.port ?? config.port,
    folder,
    openApi,
    authenticate: authenticateByType(checks),
    stores: shared.stores,
    logger: { level: logLevel ?? 'info' },
    ...(pem && { tls: pem }),
  };
}

function makeOpenApi(
  account: { appid: string; secret: string },
  {
    baseUrl,
    tokenMode,
    upstreamTimeout,
  }: { baseUrl?: string } & Pick<RelayConfig, 'tokenMode' | 'upstreamTimeout'>,
  tokens: TokenStore | undefined,
): OpenApi {
  return createOpenApi({ ...account, baseUrl, tokenMode, timeout: upstreamTimeout, tokens });
}

async function readConfig(file: string): Promise<RelayConfig> {
  let config: unknown;
  try {
    config = JSON.parse(await readText(file));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw faulty(file, `it is no JSON (${error.message})`, 'Correct it.');
  }
  const fault = findFault(CONFIG_RULES, config);
  if (fault) throw faulty(file, `"${fault.path}" ${fault.problem}`, fault.fix);
  const { users } = config as RelayConfig;
  if (!users.wx && !users.jwt) {
    throw faulty(file, '"users" lets nobody in', 'Set "wx": true, or "jwt", or both.');
  }
  return config as RelayConfig;
}

async function jwtOptions(
  { publicKeyFile, ...claims }: NonNullable<RelayConfig['users']['jwt']>,
  near: (path: string) => string,
  env: NonNullable<ConfigOverrides['env']>,
  file: string,
): Promise<Authenticate> {
  const secret = env.RELAY_JWT_SECRET;
  if (!publicKeyFile && !secret) {
    throw faulty(
      file,
      '"users.jwt" has no key',
      'Set "publicKeyFile", or the environment variable RELAY_JWT_SECRET.',
    );
  }
  if (!publicKeyFile && Buffer.byteLength(secret ?? '') < SECRET_BYTES) {
    const cause = `the environment variable RELAY_JWT_SECRET has fewer than ${SECRET_BYTES} bytes`;
    throw faulty(file, cause, 'Set a longer one.');
  }
  const key = publicKeyFile ? { publicKey: await readText(near(publicKeyFile)) } : { secret };
  return jwtAuthenticator({ ...claims, ...key });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `${code}`;
    const fix = 'Correct its name, or make it a file that may be read.';
    throw new Error(`Failed to read ${path}: ${reason}. ${fix}`, { cause });
  }
}

function faulty(file: string, cause: string, fix: string): Error {
  return new Error(`Failed to read ${file}: ${cause}. ${fix}`);
}
