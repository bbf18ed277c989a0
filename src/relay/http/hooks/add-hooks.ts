import type { FastifyInstance } from 'fastify';
import { RelayError } from '../../../invocation';
import type { Settings } from '../../options';
import { watchRequests } from './client-errors';
import { textOf } from './errors';
import { watchForSlowReader, watchForStall } from './stall';

/** What holds for every request: its id, its log line, its end when the relay stops or the client stalls. */
export function addRequestHooks(app: FastifyInstance, { timeouts }: Settings): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  watchRequests(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    if (closing) {
      throw new RelayError(503, 'Failed to accept the request: the relay is stopping.', {
        retryAfter: 1,
        billing: 'none',
      });
    }
  });
  app.addHook('onRequest', async ({ headers, raw }) => {
    if (headers.host === undefined && raw.httpVersion === '1.1') throw new RelayError(400, textOf(400));
  });
  app.addHook('onRequest', watchForStall(timeouts.stall));
  app.addHook('onSend', watchForSlowReader(timeouts.stall));
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    // A connection whose answer had begun before the stop would else stay open until its keep-alive ends.
    if (closing) setImmediate(() => app.server.closeIdleConnections());
    request.log.info(
      { req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
}
