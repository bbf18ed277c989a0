import type { Patience, RelayOptions } from './options';
import type { Services } from './invoke/allow-list';
import { DEFAULT_LIMITS, type UserLimits } from './state/limits';

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
  checkNumber('limits.window', settings.limits.window, 1);
  checkNumbers('patience', settings.patience, { headers: 0, stall: 0, request: 0 });
  return settings;
}

function checkNumbers<T extends object>(name: string, values: T, allowed: T): void {
  for (const [key, value] of Object.entries(values)) {
    if (!(key in allowed)) refuse(`${name}.${key}`, `left out; known are ${Object.keys(allowed).join(', ')}`);
    checkNumber(`${name}.${key}`, value as number, 0);
  }
}

function checkNumber(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    refuse(
      name,
      max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
    );
  }
}

function checkServices({ services = {}, openApi }: RelayOptions): Services {
  const lists = Object.values(services);
  const isList = (list: unknown): boolean =>
    Array.isArray(list) && list.every((api) => typeof api === 'string');
  if (!lists.every(isList)) refuse('services', "lists of interfaces by service, such as { wx123: ['api'] }");
  if (lists.length > 0 && !openApi) refuse('openApi', 'given, because "services" lists what may be called');
  return services;
}

function checkUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!plain) refuse(name, 'an http(s) URL without user, query or fragment');
  return text.replace(/\/+$/, '');
}

function checkOrigin(origin: string): string {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    refuse('allowedOrigins', 'origins such as https://m.example.com, without a path');
  }
  return origin;
}

function refuse(name: string, allowed: string): never {
  throw new TypeError(
    `Failed to start the relay: option "${name}" has a wrong value. It must be ${allowed}.`,
  );
}
