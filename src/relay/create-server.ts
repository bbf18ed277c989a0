import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { onClientError, replyWithError } from './http/hooks/errors';
import { addJsonParser } from './http/json-body';
import { loggerOptions } from './http/hooks/log';
import type { ServerParts } from './load-server';
import type { Settings } from './options';

/** Bytes of all headers of a request, and their number. */
const MAX_HEADERS_BYTES = 8192;
const MAX_HEADERS_COUNT = 64;
/** Bytes of a body where a route does not permit more; those that do ask for a session first. */
const MAX_BODY_BYTES = 16 * 1024;

/** A Fastify instance with the relay's limits and without routes. */
export function createServer({ Fastify, LogController }: ServerParts, settings: Settings): FastifyInstance {
  const { timeouts, tls } = settings;
  const http = {
    maxHeaderSize: MAX_HEADERS_BYTES,
    headersTimeout: timeouts.headers,
    connectionsCheckingInterval: 1000,
    // Its own refusal would be text; see http/hooks/add-hooks.ts.
    requireHostHeader: false,
  };
  const app = Fastify({
    ...(tls ? { https: { ...tls, ...http } } : { http }),
    logger: loggerOptions(settings.logger),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestTimeout: timeouts.request,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: settings.trustProxy,
    return503OnClosing: false,
    clientErrorHandler: onClientError,
    frameworkErrors: replyWithError,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  }) as unknown as FastifyInstance;
  // JSON only; the path for files adds its own.
  app.removeContentTypeParser('text/plain');
  addJsonParser(app);
  app.server.maxConnections = settings.maxConnections;
  app.server.maxHeadersCount = MAX_HEADERS_COUNT;
  return app;
}
