import type { FastifyServerOptions } from 'fastify';
import type { ServerOptions } from '../../options';

const SECRET_KEYS = [
  'authorization',
  'credential',
  'token',
  'access_token',
  'secret',
  'session_key',
  'js_code',
];

/**
 * Settings of pino. Nothing secret is handed to the log in the first place: requests are logged by their
 * route's pattern, because a file's path is its key. The redaction is for what a plugin or a later change
 * hands over.
 */
export function loggerOptions(logger: ServerOptions['logger']): FastifyServerOptions['logger'] {
  if (logger === false) return false;
  return {
    level: logger?.level ?? 'info',
    ...(logger?.stream && { stream: logger.stream }),
    redact: {
      paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]),
      censor: '[redacted]',
    },
    serializers: {
      req: (request) => ({ method: request.method, route: request.routeOptions?.url, address: request.ip }),
      err: describeError,
    },
  };
}

/** Only known properties: an error of a client library may carry a request with its secrets. */
function describeError(error: Error & { code?: unknown }): { type: string; message: string; stack: string } {
  const cause =
    error.cause instanceof Error ? `\ncaused by: ${error.cause.stack ?? error.cause.message}` : '';
  return { type: error.name, message: error.message, stack: (error.stack ?? '') + cause };
}
