import cors from '@fastify/cors';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { addressOf } from './address';
import type { RelayContext } from './context';
import { LocalFileStore } from './files/local-store';
import { startSweeping } from './files/sweeper';
import { userDecoration } from './http/bearer';
import { onClientError } from './http/client-errors';
import { addErrorReplies, replyWithError } from './http/error-replies';
import { addHealthRoute } from './http/health-route';
import { loggerOptions } from './http/logger';
import { addReceiveFileRoute } from './http/receive-file-route';
import { addRequestHooks } from './http/request-hooks';
import { addServeFileRoute } from './http/serve-file-route';
import { addSessionRoute } from './http/session-route';
import type { RelayOptions } from './options';
import { resolveOptions, type Settings } from './resolve-options';
import { MemoryCounters } from './state/counters';
import { Limiter } from './state/limits';
import { MemorySessions } from './state/sessions';

/** Bytes of all headers of a request. */
const MAX_HEADERS = 8192;

/**
 * Makes the relay without listening: a Fastify instance with every route. `close()` also ends its stores.
 *
 * @throws TypeError for a wrong option
 * @example
 * const app = await createRelay({ authenticate: ({ value }) => users.get(value) });
 * await app.listen({ port: 8080 });
 */
export async function createRelay(options: RelayOptions): Promise<FastifyInstance> {
  const settings = resolveOptions(options);
  const app = makeServer(settings);
  // Kept, because a server that is closing has no address any more while it finishes its requests.
  let address = '';
  app.addHook('onListen', async () => {
    address = addressOf(app);
  });
  const context: RelayContext = {
    settings,
    sessions: settings.stores?.sessions ?? new MemorySessions(settings.now),
    limiter: new Limiter(settings.stores?.counters ?? new MemoryCounters(settings.now), settings.limits),
    files: settings.stores?.files ?? (await LocalFileStore.open(settings.folder)),
    publicUrl: () => settings.publicUrl ?? address,
  };
  startSweeping(app, context);
  addErrorReplies(app);
  addRequestHooks(app, settings);
  app.decorateRequest(...userDecoration);
  await app.register(cors, {
    origin: [...settings.allowedOrigins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['authorization', 'content-type'],
    maxAge: 600,
  });
  addSessionRoute(app, context);
  addServeFileRoute(app, context);
  addHealthRoute(app, context);
  await app.register(async (scope) => addReceiveFileRoute(scope, context));
  return app;
}

function makeServer(settings: Settings): FastifyInstance {
  const { patience, tls } = settings;
  const http = {
    maxHeaderSize: MAX_HEADERS,
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    connectionsCheckingInterval: 1000,
  };
  const app = Fastify({
    ...(tls ? { https: { ...tls, ...http } } : { http }),
    logger: loggerOptions(settings.logger),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestTimeout: patience.request,
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
  app.server.maxHeadersCount = 64;
  return app;
}
