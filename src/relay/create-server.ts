import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { onClientError } from './http/hooks/client-errors';
import { replyWithError } from './http/hooks/errors';
import { loggerOptions } from './http/hooks/log';
import type { ServerParts } from './load-server';
import type { Settings } from './options';

/** Bytes of all headers of a request, and their number. */
const MAX_HEADERS = 8192;
const MAX_HEADERS_COUNT = 64;

/** A Fastify instance with the relay's limits and without routes. */
export function createServer({ Fastify, LogController }: ServerParts, settings: Settings): FastifyInstance {
  const { timeouts, tls } = settings;
  const http = {
    maxHeaderSize: MAX_HEADERS,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    connectionsCheckingInterval: 1000,
    // Its own refusal would be text; see request-hooks.ts.
    requireHostHeader: false,
  };
  const app = Fastify({
    ...(tls ? { https: { ...tls, ...http } } : { http }),
    logger: loggerOptions(settings.logger),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestTimeout: timeouts.request,
    bodyLimit: settings.maxJsonSize,
    trustProxy: settings.trustProxy ?? false,
    return503OnClosing: false,
    clientErrorHandler: onClientError,
    frameworkErrors: replyWithError,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  }) as unknown as FastifyInstance;
  // JSON only; the path for files adds its own.
  app.removeContentTypeParser('text/plain');
  app.server.maxConnections = settings.maxConnections;
  app.server.maxHeadersCount = MAX_HEADERS_COUNT;
  return app;
}
