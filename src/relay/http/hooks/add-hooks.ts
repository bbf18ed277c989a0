import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RelayError } from '../../../invocation';
import type { RelayContext } from '../../context';
import { limitConnections } from './connections';
import { addErrorReplies, noSuchPath, textOf, watchRequests } from './errors';
import { holdDecoration } from './limits';
import { sessionDecoration } from './session';
import { limitSlowness } from './stall';

/** What holds for every request, in this order. Whatever refuses it does so before its body is read. */
export function addHooks(app: FastifyInstance, { settings, clients }: RelayContext): void {
  app.decorateRequest(...sessionDecoration);
  app.decorateRequest(...holdDecoration);
  addErrorReplies(app);
  watchRequests(app);
  const stop = watchStop(app);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    if (!stop.isStopping) return;
    const text = 'Failed to accept the request: the relay is stopping.';
    throw new RelayError(503, text, { retryAfter: 1, billing: 'none' });
  });
  limitConnections(app, settings, clients);
  app.addHook('onRequest', async ({ headers, raw, is404 }) => {
    if (headers.host === undefined && raw.httpVersion === '1.1') throw new RelayError(400, textOf(400));
    if (is404) throw noSuchPath();
  });
  limitSlowness(app, settings.timeouts);
  askForBodies(app);

  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      { req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
}

/** Lets connections end when the relay stops. */
function watchStop(app: FastifyInstance): { isStopping: boolean } {
  const stop = { isStopping: false };
  app.addHook('preClose', async () => {
    stop.isStopping = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (stop.isStopping) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async () => {
    // A connection whose answer had begun before the stop would else stay open until its keep-alive ends.
    if (stop.isStopping) setImmediate(() => app.server.closeIdleConnections());
  });
  return stop;
}

/** Asks a client that waits with its body (`Expect: 100-continue`) for it only when it is read: nothing refused it. */
function askForBodies(app: FastifyInstance): void {
  const waiting = new WeakSet<IncomingMessage>();
  // Without a listener Node asks itself, before anything has looked at the request.
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request);
    request.once('resume', () => {
      // After an answer Node reads what may still come.
      if (response.headersSent) return;
      waiting.delete(request);
      response.writeContinue();
    });
    app.server.emit('request', request, response);
  });
  app.addHook('onSend', async ({ raw }, reply) => {
    // It may send its body all the same, or its next request: the two cannot be told apart.
    if (waiting.has(raw)) reply.header('connection', 'close');
  });
}
