import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { text } from '../texts';
import {
  type AppOptions,
  type AppSettings,
  type OneOfApps,
  resolveApp,
  SHARED_APP_OPTIONS,
  type SharedAppOptions,
} from './apps/app-options';
import type { Counters } from '../invocation';
import type { Component, PushOptions } from '../openapi';
import type { FileStore } from './files/file-store';
import type { OnPush } from './push/push-delivery';
import type { PushStore } from './push/push-store';
import { checkBySchema, refuseOption } from './option-checks';
import type { StoreLog } from './stores/log';
import type { AppStores, Sessions } from './stores/stores';

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

/** What a relay has once, however many apps it serves. */
export interface ServerOptions {
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
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}

/** Backends, to share between instances. They are closed with the relay. @default this process alone */
export interface SharedStores {
  /** Of all apps: whose a session is stands in it. */
  sessions?: Sessions;
  /** Of all apps: the ids of files are each app's own. */
  files?: FileStore;
}

/**
 * What `createRelay` accepts, for one app. Defaults and ranges of what the configuration file may hold too stand in
 * config/relay.config.schema.json, and in the table of docs/en/deploy.md.
 */
export interface RelayOptions extends ServerOptions, AppOptions {
  /** Sums of usage are kept apart by it, and the ids of calls at the platform: it must not change while claims are kept. */
  appid?: string;
  stores?: SharedStores & Partial<AppStores>;
  apps?: undefined;
}

/** They would be of one app, and nobody could say of which. */
const OWN_OPTIONS = ['authenticate', 'openApi', 'push', 'onPush', 'appid', 'userSecret'] as const;

/** A third-party platform, by whose authorizations the relay makes calls for apps. */
export interface ComponentOfRelay {
  client: Component;
  /** What the events that the platform pushes to it are read with, at `/push/<its appid>`. */
  push: Omit<PushOptions, 'now'>;
  /**
   * Called with the events `authorized`, `updateauthorized` and `unauthorized` once they are carried out, without their
   * codes; again later where it throws.
   */
  onPush?: OnPush;
}

/** What `createRelay` accepts, for many apps: what they have of their own stands under their appids. */
export interface ManyAppsOptions
  extends ServerOptions, SharedAppOptions, Partial<Record<(typeof OWN_OPTIONS)[number], undefined>> {
  apps: Readonly<Record<string, OneOfApps>>;
  /** Whose `client.forApp(appid)` is the account of some apps' clients. */
  component?: ComponentOfRelay;
  stores?: SharedStores & {
    /** Of the third-party platform: which of its pushes were there. */
    counters?: Counters;
    /** Of the third-party platform: events that wait for its owner's hook. */
    pushes?: PushStore;
    /** Those of one app: nothing that is in them may be seen by another. */
    forApp?: (appid: string) => AppStores;
    /** Called once with the relay's log. */
    logTo?: (log: StoreLog) => void;
    /** Ends what all of them stand on. */
    close?: () => Promise<void>;
  };
}

/** Options of a relay as a whole whose default stands in the schema. */
export const SERVER_DEFAULTS = [
  'fileTtl',
  'sessionTtl',
  'maxFileSize',
  'maxDisk',
  'minFreeDisk',
  'maxJsonSize',
  'trustProxy',
  'maxConnections',
  'maxConnectionsPerAddress',
  'maxPendingPerAddress',
  'timeouts',
  'usageDays',
] as const;

/** ServerOptions with every default in place, and the apps. */
export type Settings = ServerOptions &
  Required<Pick<ServerOptions, (typeof SERVER_DEFAULTS)[number] | 'now'>> & {
    timeouts: Timeouts;
    apps: readonly AppSettings[];
    component?: ComponentOfRelay;
    stores?: RelayOptions['stores'] & ManyAppsOptions['stores'];
  };

/**
 * Fills in defaults and checks every value.
 *
 * @throws TypeError that names the option, what it is and what is allowed
 */
export function resolveOptions(options: RelayOptions | ManyAppsOptions): Settings {
  const settings: Settings = {
    ...options,
    ...(checkBySchema(options, SERVER_DEFAULTS) as Pick<Settings, (typeof SERVER_DEFAULTS)[number]>),
    publicUrl: options.publicUrl === undefined ? undefined : checkUrl(options.publicUrl),
    now: options.now ?? Date.now,
    apps: options.apps === undefined ? [resolveApp(options)] : resolveApps(options),
  };
  checkMetrics(options.metrics);
  checkProxies(settings.trustProxy);
  checkTls(options.tls);
  return settings;
}

/** As every one of them says, and else as is said beside them. */
function resolveApps(options: ManyAppsOptions): AppSettings[] {
  const own = OWN_OPTIONS.find((name) => options[name] !== undefined);
  if (own !== undefined) refuseOption(own, text('optionOfEachApp'));
  const shared = Object.fromEntries(SHARED_APP_OPTIONS.map((name) => [name, options[name]]));
  const apps = Object.entries(options.apps).map(([appid, app]) => {
    if (!APPID.test(appid)) refuseOption('apps', text('appids', { appid }));
    const defined = Object.fromEntries(Object.entries(app).filter(([, value]) => value !== undefined));
    return resolveApp({ ...shared, ...(defined as unknown as OneOfApps), appid, scope: appid }, [
      'apps',
      appid,
    ]);
  });
  if (apps.length === 0) refuseOption('apps', text('oneAppAtLeast'));
  const hosts = apps.flatMap((app) => app.hosts ?? []);
  const twice = hosts.find((host, index) => hosts.indexOf(host) < index);
  if (twice !== undefined) refuseOption('hosts', text('hostOfOneApp', { host: twice }));
  return apps;
}

/** It stands in paths, keys and names of folders. */
const APPID = /^[\da-z_-]{1,64}$/;

function checkUrl(publicUrl: string): string {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  const plain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!plain) refuseOption('publicUrl', text('aPlainUrl'));
  return withoutSlashes(publicUrl);
}

/** @returns the URL without slashes at its end */
export function withoutSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end--;
  return url.slice(0, end);
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
    refuseOption('metrics', text('metricsPlace', { least: MIN_TOKEN_LENGTH }));
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
    refuseOption('trustProxy', text('proxyAddresses', { ranges: RANGES.join(', ') }));
  }
}

function checkTls(tls: ServerOptions['tls']): void {
  if (tls === undefined) return;
  try {
    createSecureContext(tls);
  } catch {
    // The cause could quote the key.
    refuseOption('tls', text('keyAndCertificate'));
  }
}
