import type { RelayConfig } from './config-types';
import { choice, either, flag, integer, list, map, object, type Rule, text } from './rules';

/** Every key of RelayConfig. Ranges of numbers are checked by resolve-options.ts. */
const keys: Record<keyof RelayConfig, Rule> = {
  port: integer,
  host: text,
  publicUrl: text,
  folder: text,
  services: map(list(text)),
  users: object({
    wx: flag,
    jwt: object({ publicKeyFile: text, issuer: text, audience: text, maxLife: integer }),
  }),
  upstream: text,
  tokenMode: choice('stable', 'plain'),
  upstreamTimeout: integer,
  upstreamIdempotent: flag,
  consume: object({ type: integer, appid: text }, ['type', 'appid']),
  fileTtl: integer,
  sessionTtl: integer,
  maxFileSize: integer,
  maxJsonSize: integer,
  limits: object({
    window: integer,
    sessions: integer,
    files: integer,
    bytes: integer,
    calls: integer,
    polls: integer,
  }),
  allowedOrigins: list(text),
  trustProxy: either(flag, text, list(text)),
  maxConnections: integer,
  patience: object({ headers: integer, stall: integer, request: integer }),
  tls: object({ keyFile: text, certFile: text }, ['keyFile', 'certFile']),
  logLevel: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  redis: object({ prefix: text }),
  s3: object({ bucket: text, region: text, endpoint: text, prefix: text, forcePathStyle: flag }, ['bucket']),
};

export const CONFIG_RULES = object(keys, ['users']);
