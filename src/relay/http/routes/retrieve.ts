import type { FastifyInstance } from 'fastify';
import { MAX_HOLD_MS, type RelayReply, type RelayRetrieveRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { type Outcomes, retrieveResult } from '../../../invocation';
import type { HeldQuestions } from '../../push/held-questions';
import { stopCounting } from '../hooks/connections';
import { requireSession, userOf } from '../hooks/session';
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
 * One path a file. `POST /retrieve`: the result of a long task, for the user who started it. It is never billed. With `wait_ms` the answer
 * waits for the result so long, where results are pushed; not after the phone has left, or the relay stops.
 *
 * @param held - absent where nothing is pushed: every question is answered at once
 */
export function addRetrieveRoute(
  app: FastifyInstance,
  context: RelayContext,
  outcomes: Outcomes,
  held?: HeldQuestions,
): void {
  app.addHook('preClose', async () => held?.endAll());
  app.post<{ Body: RelayRetrieveRequest }>(
    '/retrieve',
    { schema: { body }, onRequest: requireSession(context) },
    async (request, reply): Promise<RelayReply> => {
      const { request_id: requestId, wait_ms: ms } = request.body;
      const userId = userOf(request);
      return retrieveResult(userId, requestId, {
        ...context,
        outcomes,
        watch() {
          const watch = ms ? held?.hold(userId, requestId, Math.min(ms, MAX_HOLD_MS)) : undefined;
          if (!watch) return undefined;
          stopCounting(request);
          reply.raw.once('close', () => watch.end());
          return watch;
        },
      });
    },
  );
  refuseOtherMethods(app, '/retrieve', ['POST']);
}
