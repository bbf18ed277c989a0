import type { Patience, RelayOptions } from './options';
import { DEFAULT_LIMITS, type Services, type UserLimits } from '../invocation';
import {
  checkNumber,
  checkNumbers,
  checkOrigin,
  checkProxies,
  checkTls,
  checkUrl,
  refuse,
} from './option-checks';
import { MAX_TIMER_MS } from '../protocol';

/** RelayOptions with every default in place. */
export interface Settings extends RelayOptions {
  publicUrl: string | undefined;
  services: Services;
  upstreamIdempotent: boolean;
  fileTtl: number;
  sessionTtl: number;
  maxFileSize: number;
  maxJsonSize: number;
  limits: UserLimits;
  allowedOrigins: readonly string[];
  maxConnections: number;
  patience: Patience;
  now: () => number;
}

const WEEK = 604_800;
const YEAR = 31_536_000;

/**
 * Fills in defaults and checks every value.
 *
 * @throws TypeError that names the option, what was given and what is allowed
 */
export function resolveOptions(options: RelayOptions): Settings {
  if (typeof options.authenticate !== 'function') refuse('authenticate', 'a function');
  const settings: Settings = {
    ...options,
    publicUrl: options.publicUrl === undefined ? undefined : checkUrl('publicUrl', options.publicUrl),
    services: checkServices(options),
    upstreamIdempotent: options.upstreamIdempotent ?? false,
    fileTtl: options.fileTtl ?? 3600,
    sessionTtl: options.sessionTtl ?? 7200,
    maxFileSize: options.maxFileSize ?? 20 * 1024 * 1024,
    maxJsonSize: options.maxJsonSize ?? 4 * 1024 * 1024,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    allowedOrigins: (options.allowedOrigins ?? []).map(checkOrigin),
    maxConnections: options.maxConnections ?? 4096,
    patience: { headers: 10_000, stall: 30_000, request: 660_000, ...options.patience },
    now: options.now ?? Date.now,
  };
  checkNumber('fileTtl', settings.fileTtl, 1, WEEK);
  checkNumber('sessionTtl', settings.sessionTtl, 1, WEEK);
  checkNumber('maxFileSize', settings.maxFileSize, 1);
  checkNumber('maxJsonSize', settings.maxJsonSize, 1024);
  checkNumber('maxConnections', settings.maxConnections, 1);
  checkNumbers('limits', settings.limits, DEFAULT_LIMITS);
  checkNumber('limits.window', settings.limits.window, 1, YEAR);
  checkNumbers('patience', settings.patience, { headers: 0, stall: 0, request: 0 }, MAX_TIMER_MS);
  checkProxies(options.trustProxy);
  checkTls(options.tls);
  return settings;
}

function checkServices({ services = {}, openApi }: RelayOptions): Services {
  const lists = Object.values(services);
  const isList = (list: unknown): boolean =>
    Array.isArray(list) && list.every((api) => typeof api === 'string');
  if (!lists.every(isList)) refuse('services', "lists of interfaces by service, such as { wx123: ['api'] }");
  if (lists.length > 0 && !openApi) refuse('openApi', 'given, because "services" lists what may be called');
  return services;
}
