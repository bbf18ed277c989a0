import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { fillDefaults, findFault, type Schema } from '../json';
import { errorText, text } from '../texts';
import type { Credential } from '../protocol';
import schema from './config/relay.config.schema.json';
import type { FileStore } from './files/file-store';
import type { Budgets, Counters, Services, UserLimits } from '../invocation';
import type { DenialStore } from './owners/deny-list';
import type { PushStore } from './push/push-store';
import type { Signals } from './stores/signals';
import type { RelayOutcomes, Sessions } from './stores/stores';
import type { OpenApi, PushOptions } from '../openapi';
import type { OnPush } from './push/push-delivery';

/** Whom a credential belongs to: a user's id (1 to 128 characters), or that and when the credential expires. */
export type Identity =
  | string
  | {
      userId: string;
      /** Unix seconds; a session that it opens ends then at the latest. */
      expiresAt?: number;
    };

/**
 * Says whom a credential belongs to.
 *
 * @returns undefined to refuse the credential. A thrown error means that it could not be checked: the client is told
 *   502, or the status of a thrown RelayError.
 */
export type Authenticate = (
  credential: Credential,
) => Identity | null | undefined | Promise<Identity | null | undefined>;

/** Where the log goes: one JSON object a line, without headers, bodies, tokens or file ids. */
export interface LogOptions {
  /** @default 'info' */
  level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** @default process.stdout */
  stream?: { write(line: string): void };
}

/** Durations in ms after which a client that is too slow is cut off, with 408 where it can be told. 0 means never. */
export interface Timeouts {
  /** For all headers, for a body that needs no session, and for the rest of one that was refused. */
  headers: number;
  /** Between two pieces of a body, and of an answer that is read; over this time both make 4 KiB a second at least. */
  stall: number;
  /** For the whole request; an upload of 10 MiB at 20 KiB/s takes 512 s. */
  request: number;
}

/** Where metrics are served. At least one of `port` and `token` is needed. */
export interface MetricsOptions {
  /** 0 to 65535; 0 chooses a free one, which the log names. @default the relay's own */
  port?: number;
  /** Of that port. @default '127.0.0.1' */
  host?: string;
  /** At least 16 characters, sent as `Authorization: Bearer`. @default none is asked for on a port of its own */
  token?: string;
}

/**
 * What `createRelay` accepts. Defaults and ranges of what the configuration file may hold too stand in
 * config/relay.config.schema.json, and in the table of docs/en/deploy.md.
 */
export interface RelayOptions {
  authenticate: Authenticate;
  /**
   * Where clients and providers reach the relay, for example `https://relay.example.com`; a path is kept.
   * Never taken from a request. @default the address that it listens on
   */
  publicUrl?: string;
  /**
   * Folder for files, and for intents and outcomes; kept over restarts. One relay at a time may use it.
   * @default a fresh temporary folder, removed on close
   */
  folder?: string;
  /** What may be called, for example `{ wx79ac3de8be320b71: ['OcrAllInOne'] }`. Needs `openApi`. */
  services?: Services;
  /** The platform's server, for calls. */
  openApi?: OpenApi;
  /** The account that pays, sent with every call. A client cannot choose it. @default the app itself */
  consume?: { type: number; appid: string };
  /**
   * Message push: `POST /push` takes the results of long tasks, and questions for them may wait. Off without it.
   */
  push?: Omit<PushOptions, 'now'>;
  /** Called with pushes that are no result of a call made here; again later where it throws. */
  onPush?: OnPush;
  /** Send a call again whose outcome is unknown. Only where the platform is known to bill an id once. */
  upstreamIdempotent?: boolean;
  /** Seconds that a file's URL works. */
  fileTtl?: number;
  /** Seconds that a session lasts. */
  sessionTtl?: number;
  /** Bytes of one file. */
  maxFileSize?: number;
  /** Bytes of all files in the folder; beyond them uploads are refused, and calls go on. */
  maxDisk?: number;
  /** Bytes that stay free on the folder's disk; below them uploads are refused, and calls go on. */
  minFreeDisk?: number;
  /** Bytes of a JSON body, which is held in memory. */
  maxJsonSize?: number;
  /** What one user may use. */
  limits?: Partial<UserLimits>;
  /** Web origins that may read answers, for example `https://m.example.com`; no wildcards. */
  allowedOrigins?: readonly string[];
  /** Addresses of proxies whose X-Forwarded-For is believed; true believes any. */
  trustProxy?: boolean | string | string[];
  /** Open connections; more are refused. */
  maxConnections?: number;
  /** Open connections of one address (IPv6: of one /64), unless it is a proxy that `trustProxy` names. */
  maxConnectionsPerAddress?: number;
  /** Requests of one address that are under way; more are answered with 429. */
  maxPendingPerAddress?: number;
  /**
   * What proves that the relay made a file's id; the same for all instances that share files.
   * @default a random one, kept in the folder
   */
  fileSecret?: string;
  /**
   * What the digests of users in logs and records are keyed with; the same for all instances.
   * @default made of the secret in the folder
   */
  userSecret?: string;
  /** The app's appid; sums of usage are kept apart by it. */
  appid?: string;
  /** One line of the log for each paid call, whatever `logger.level` is, but "silent". */
  audit?: boolean;
  /** Calls that may be sent, over all users, by `service/api`; what is over it is refused with 429. */
  budgets?: Budgets;
  /**
   * Serves `/metrics` for Prometheus: on a port of its own, or on the relay's to whoever has the token. Off without it.
   */
  metrics?: MetricsOptions;
  /** Days that sums of usage are kept in the folder. */
  usageDays?: number;
  timeouts?: Partial<Timeouts>;
  /** PEM strings, where no proxy ends TLS. @default plain HTTP */
  tls?: { key: string; cert: string };
  /** false: no log. */
  logger?: false | LogOptions;
  /** Backends, to share between instances. They are closed with the relay. @default this process alone */
  stores?: {
    sessions?: Sessions;
    counters?: Counters;
    outcomes?: RelayOutcomes;
    files?: FileStore;
    signals?: Signals;
    denials?: DenialStore;
    pushes?: PushStore;
  };
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}

/** Options whose default stands in the schema. */
const DEFAULTED = [
  'services',
  'upstreamIdempotent',
  'fileTtl',
  'sessionTtl',
  'maxFileSize',
  'maxDisk',
  'minFreeDisk',
  'maxJsonSize',
  'limits',
  'allowedOrigins',
  'trustProxy',
  'maxConnections',
  'maxConnectionsPerAddress',
  'maxPendingPerAddress',
  'timeouts',
  'audit',
  'usageDays',
  'budgets',
] as const;

/** RelayOptions with every default in place. */
export type Settings = RelayOptions &
  Required<Pick<RelayOptions, (typeof DEFAULTED)[number] | 'now'>> & {
    limits: UserLimits;
    timeouts: Timeouts;
  };

/** The part of the configuration file's schema that options share with it. */
const OPTIONS_SCHEMA: Schema = {
  type: 'object',
  properties: Object.fromEntries(
    [...DEFAULTED, 'consume' as const].map((name): [string, Schema] => [
      name,
      schema.properties[name] as Schema,
    ]),
  ),
};

/**
 * Fills in defaults and checks every value.
 *
 * @throws TypeError that names the option, what it is and what is allowed
 */
export function resolveOptions(options: RelayOptions): Settings {
  if (typeof options.authenticate !== 'function') refuse('authenticate', text('aFunction'));
  const shared = fillDefaults(OPTIONS_SCHEMA, pick(options, Object.keys(OPTIONS_SCHEMA.properties ?? {})));
  const fault = findFault(OPTIONS_SCHEMA, shared);
  if (fault) throw new TypeError(errorText('relayOptionFault', { cause: fault.cause }));
  const settings: Settings = {
    ...options,
    ...(shared as Pick<Settings, (typeof DEFAULTED)[number]>),
    publicUrl: options.publicUrl === undefined ? undefined : checkUrl(options.publicUrl),
    now: options.now ?? Date.now,
  };
  if (Object.keys(settings.services).length > 0 && !options.openApi) {
    refuse('openApi', text('openApiForServices'));
  }
  checkBudgets(settings);
  checkMetrics(options.metrics);
  settings.allowedOrigins.forEach(checkOrigin);
  checkProxies(settings.trustProxy);
  checkTls(options.tls);
  return settings;
}

function pick(options: object, names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}

function checkUrl(publicUrl: string): string {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  const plain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!plain) refuse('publicUrl', text('aPlainUrl'));
  return withoutSlashes(publicUrl);
}

/** @returns the URL without slashes at its end */
export function withoutSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end--;
  return url.slice(0, end);
}

/** A misspelled pair would leave the real one without a bound. */
function checkBudgets({ budgets, services }: Pick<Settings, 'budgets' | 'services'>): void {
  const pairs = Object.entries(services).flatMap(([service, apis]) => apis.map((api) => `${service}/${api}`));
  const unlisted = Object.keys(budgets).find((pair) => !pairs.includes(pair));
  if (unlisted !== undefined) refuse('budgets', text('listedPairs', { pair: unlisted }));
}

/** A token that can be guessed is none. */
const MIN_TOKEN_LENGTH = 16;

function checkMetrics(metrics: MetricsOptions | undefined): void {
  if (metrics === undefined) return;
  const { port, host = '', token } = metrics;
  const isPort = port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535);
  const isToken =
    token === undefined ||
    (typeof token === 'string' && token.length >= MIN_TOKEN_LENGTH && !/\s/.test(token));
  const isSomewhere = port !== undefined || token !== undefined;
  if (!isPort || !isToken || !isSomewhere || typeof host !== 'string') {
    refuse('metrics', text('metricsPlace', { least: MIN_TOKEN_LENGTH }));
  }
}

function checkOrigin(origin: string): void {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    refuse('allowedOrigins', text('webOrigins'));
  }
}

/** Names of address ranges that `trustProxy` knows. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];

function checkProxies(proxies: Settings['trustProxy']): void {
  if (typeof proxies === 'boolean') return;
  const isProxy = (entry: string): boolean => {
    const [address, mask, ...rest] = entry.trim().split('/');
    if (mask === undefined && RANGES.includes(address)) return true;
    const isMask =
      mask === undefined || (/^\d{1,3}$/.test(mask) && Number(mask) <= (isIP(address) === 6 ? 128 : 32));
    return isIP(address) > 0 && (isMask || isIP(mask) === 4) && rest.length === 0;
  };
  const entries = Array.isArray(proxies) ? proxies : proxies.split(',');
  if (!entries.every(isProxy)) {
    refuse('trustProxy', text('proxyAddresses', { ranges: RANGES.join(', ') }));
  }
}

function checkTls(tls: RelayOptions['tls']): void {
  if (tls === undefined) return;
  try {
    createSecureContext(tls);
  } catch {
    // The cause could quote the key.
    refuse('tls', text('keyAndCertificate'));
  }
}

function refuse(name: string, allowed: string): never {
  throw new TypeError(errorText('relayOptionWrong', { name, allowed }));
}
