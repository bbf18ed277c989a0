import type { FastifyInstance } from 'fastify';
import { MAX_HOLD_MS, type RelayReply, type RelayRetrieveRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { retrieveResult } from '../../../invocation';
import { stopCounting } from '../hooks/connections';
import { requireSession, sessionOf } from '../hooks/session';
import { refuseOtherMethods } from '../refuse-other-methods';

const body = {
  type: 'object',
  required: ['request_id'],
  additionalProperties: false,
  properties: {
    request_id: { type: 'string', minLength: 1, maxLength: 256 },
    wait_ms: { type: 'number', minimum: 0 },
  },
};

/**
 * `POST /retrieve`: the result of a long task, for the user who started it. It is never billed. With `wait_ms` the answer
 * waits for the result so long, where results are pushed; not after the phone has left, or the relay stops.
 */
export function addRetrieveRoute(server: FastifyInstance, context: RelayContext): void {
  server.addHook('preClose', async () => {
    for (const { pushes } of context.apps.all) pushes?.held.endAll();
  });
  server.post<{ Body: RelayRetrieveRequest }>(
    '/retrieve',
    { schema: { body }, onRequest: requireSession(context) },
    async (request, reply): Promise<RelayReply> => {
      const { request_id: requestId, wait_ms: ms } = request.body;
      const { app, userId } = sessionOf(request);
      return retrieveResult(userId, requestId, {
        ...app,
        watch() {
          const watch = ms ? app.pushes?.held.hold(userId, requestId, Math.min(ms, MAX_HOLD_MS)) : undefined;
          if (!watch) return undefined;
          stopCounting(request);
          reply.raw.once('close', () => watch.end());
          return watch;
        },
      });
    },
  );
  refuseOtherMethods(server, '/retrieve', ['POST']);
}
