import type { FastifyInstance } from 'fastify';
import { type Invoker, prepareInvocation } from '../../../invocation';
import type { RelayInvokeRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { replaceFileUrls } from '../../files/file-id';
import { requireSession, userOf } from '../hooks/session';
import { INVOKE_PATH } from '../hooks/errors';
import { refuseOtherMethods } from '../refuse-other-methods';

const name = { type: 'string', minLength: 1, maxLength: 128 };
const body = {
  type: 'object',
  required: ['service', 'api', 'client_msg_id'],
  additionalProperties: false,
  properties: {
    service: name,
    api: name,
    data: {},
    client_msg_id: name,
    async: { type: 'boolean' },
  },
};

/** `POST /invoke`: calls a listed service once, or tells what came of an earlier call with the same id. */
export function addInvokeRoute(app: FastifyInstance, context: RelayContext, invoker: Invoker): void {
  const { settings } = context;
  app.post<{ Body: RelayInvokeRequest }>(
    INVOKE_PATH,
    { schema: { body }, onRequest: [requireSession(context), context.limitBufferedBodies] },
    async (request) => {
      const invocation = prepareInvocation(userOf(request), request.body, {
        services: settings.services,
        replaceUploads: (json) => replaceFileUrls(json, `${context.publicUrl()}/files/`),
        consume: settings.consume,
      });
      return invoker.invoke(invocation);
    },
  );
  refuseOtherMethods(app, INVOKE_PATH, ['POST']);
}
