import type { FastifyInstance } from 'fastify';
import type { RelayReply } from '../../../protocol';
import type { RelayContext } from '../../context';
import { type Outcomes, RelayError } from '../../../invocation';
import { type OpenApi, OpenApiError } from '../../../openapi';
import { requireSession, userOf } from '../hooks/session';
import { refuseOtherMethods } from '../refuse-other-methods';

const body = {
  type: 'object',
  required: ['request_id'],
  additionalProperties: false,
  properties: { request_id: { type: 'string', minLength: 1, maxLength: 256 } },
};

/** `POST /retrieve`: the result of a long task, for the user who started it. It is never billed. */
export function addRetrieveRoute(
  app: FastifyInstance,
  context: RelayContext,
  outcomes: Outcomes,
  openApi: OpenApi | undefined,
): void {
  app.post<{ Body: { request_id: string } }>(
    '/retrieve',
    { schema: { body }, onRequest: requireSession(context) },
    async (request): Promise<RelayReply> => {
      const userId = userOf(request);
      await context.limiter.take('polls', userId);
      if (!openApi || !(await outcomes.isOwner(request.body.request_id, userId))) {
        throw new RelayError(404, 'Failed to find the task: its request id is unknown or has expired.');
      }
      try {
        const reply = await openApi.serviceMarket.retrieve({ request_id: request.body.request_id });
        return { ...reply, errcode: 0, errmsg: reply.errmsg ?? 'ok' };
      } catch (error) {
        return asReply(error);
      }
    },
  );
  refuseOtherMethods(app, '/retrieve', ['POST']);
}

function asReply(error: unknown): RelayReply {
  if (!(error instanceof OpenApiError)) throw error;
  if (error.errcode === undefined || error.billing === 'none') {
    const status = error.timedOut ? 504 : 502;
    throw new RelayError(status, 'Failed to ask the platform for the result. Ask again later.', {
      cause: error,
    });
  }
  return {
    errcode: error.errcode,
    errmsg: error.errmsg ?? '',
    ...(error.requestId !== undefined && { request_id: error.requestId }),
  };
}
