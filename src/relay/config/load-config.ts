import { join } from 'node:path';
import { text } from '../../texts';
import { digest } from '../../invocation';
import { type ManyAppsOptions, type RelayOptions, SERVER_DEFAULTS, type ServerOptions } from '../options';
import { FolderComponentStore } from '../stores/folder/component';
import { DeferredLog } from '../stores/log';
import type { ListenOptions } from '../start-relay';
import type { RelayConfig } from './config-types';
import { type Platform, prepareApp } from './load-app';
import { prepareComponent } from './load-component';
import { openSharedStores } from './open-shared-stores';
import { appsOf, readConfig, readText, requireEnv, type Source, sourceOf } from './read-config';
import { appidOf, redisPrefixOf } from './shared-names';

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
 * REDIS_URL; for S3 the usual AWS variables. Those of one of several apps end with `_` and its appid, and WX_APPID is
 * not asked for.
 *
 * @throws Error that names the file, the place, the key and what is allowed, or the variable that is missing
 * @example
 * const relay = await startRelay(await loadRelayConfig('relay.config.json'));
 */
export async function loadRelayConfig(
  file: string,
  { env = process.env, ...overrides }: ConfigOverrides = {},
): Promise<(RelayOptions | ManyAppsOptions) & ListenOptions> {
  const config = await readConfig(file);
  const source = sourceOf(file, env);

  // Secrets and keys first: what is missing is said before anything is opened.
  const component = config.component && prepareComponent(config.component, source);
  const apps = [];
  for (const app of appsOf(config)) {
    apps.push({
      appid: app.appid,
      make: await prepareApp(app, sourceOf(file, env, app.appid), component?.push),
    });
  }
  const server = await findServerOptions(config, source);
  const { redis, s3, usageDays, upstream, upstreamTimeout: timeout } = config;
  const redisUrl = redis && requireEnv(source, 'REDIS_URL', '"redis"');
  const isMany = config.apps !== undefined;
  const shared = await openSharedStores({
    redis: redis && { ...redis, prefix: redisPrefixOf(redis, isMany ? undefined : appidOf(env)), usageDays },
    s3,
    redisUrl,
    folder: server.folder,
    isMany,
  });
  try {
    const platform: Platform = { baseUrl: overrides.upstream ?? upstream, timeout, tokens: shared.tokens };
    const options = { ...server, port: overrides.port ?? config.port };
    if (!isMany) return { ...options, ...apps[0].make(platform), appid: env.WX_APPID, stores: shared.stores };
    const log = new DeferredLog();
    const store =
      shared.component ?? new FolderComponentStore(join(server.folder, 'component'), undefined, log);
    const made = component?.make(platform, store);
    return {
      ...options,
      component: made,
      apps: Object.fromEntries(
        apps.map(({ appid, make }) => [appid as string, make(platform, made?.client)]),
      ),
      stores: { ...shared.stores, logTo: (target) => log.attach(target) },
    };
  } catch (error) {
    await shared.close();
    throw error;
  }
}

/** What the relay has once, however many apps it serves. */
async function findServerOptions(
  config: RelayConfig,
  source: Source,
): Promise<ServerOptions & ListenOptions & { folder: string }> {
  const { tls, metrics, logLevel, s3 } = config;
  const pem = tls && {
    key: await readText(source.resolvePath(tls.keyFile)),
    cert: await readText(source.resolvePath(tls.certFile)),
  };
  return {
    ...pick(config, SERVER_KEYS),
    folder: source.resolvePath(config.folder as string),
    fileSecret: s3 && readFileSecret(source, config.apps !== undefined),
    metrics: metrics && { ...metrics, token: readMetricsToken(metrics, source) },
    grace: (config.upstreamTimeout as number) + GRACE_MARGIN_MS,
    logger: { level: logLevel },
    ...(pem && { tls: pem }),
  };
}

/** Keys that are options of the same name. */
const SERVER_KEYS = ['publicUrl', 'host', ...SERVER_DEFAULTS] as const;

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;
}

/** Beside the platform's answer: for what came before the call, and for storing the outcome. */
const GRACE_MARGIN_MS = 5000;

/** The secret of file ids that all instances of a bucket share: one of its own, or made of one that they share anyway. */
function readFileSecret(source: Source, isMany: boolean): string {
  const { env } = source;
  // Of several apps each has a secret of its own, which is not the relay's.
  if (env.RELAY_FILE_SECRET || isMany) return requireEnv(source, 'RELAY_FILE_SECRET', '"s3"');
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
