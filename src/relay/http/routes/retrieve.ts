import type { FastifyInstance } from 'fastify';
import type { RelayReply } from '../../../protocol';
import type { RelayContext } from '../../context';
import { type Outcomes, retrieveResult } from '../../../invocation';
import { requireSession, userOf } from '../hooks/session';
import { refuseOtherMethods } from '../refuse-other-methods';

const body = {
  type: 'object',
  required: ['request_id'],
  additionalProperties: false,
  properties: { request_id: { type: 'string', minLength: 1, maxLength: 256 } },
};

/** One path a file. `POST /retrieve`: the result of a long task, for the user who started it. It is never billed. */
export function addRetrieveRoute(app: FastifyInstance, context: RelayContext, outcomes: Outcomes): void {
  app.post<{ Body: { request_id: string } }>(
    '/retrieve',
    { schema: { body }, onRequest: requireSession(context) },
    async (request): Promise<RelayReply> =>
      retrieveResult(userOf(request), request.body.request_id, { ...context, outcomes }),
  );
  refuseOtherMethods(app, '/retrieve', ['POST']);
}
