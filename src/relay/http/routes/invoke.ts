import type { FastifyInstance } from 'fastify';
import { type Invoker, prepareInvocation } from '../../../invocation';
import type { RelayInvokeRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { INVOKE_PATH } from '../hooks/errors';
import { holdOf } from '../hooks/limits';
import { requireSession, userOf } from '../hooks/session';
import { ownTurn, sizeOfValues } from '../json-body';
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

/** `POST /invoke`: calls a listed service once, or returns what became of an earlier call with the same id. */
export function addInvokeRoute(app: FastifyInstance, context: RelayContext, invoker: Invoker): void {
  const { settings, bufferedBodies, fileIds } = context;
  app.post<{ Body: RelayInvokeRequest }>(
    INVOKE_PATH,
    {
      schema: { body },
      bodyLimit: settings.maxJsonSize,
      onRequest: [requireSession(context), bufferedBodies.onRequest],
      onSend: bufferedBodies.onSend,
    },
    async (request) => {
      const { data } = request.body;
      const json = typeof data === 'string' ? data : '';
      await ownTurn(json);
      // The data is JSON in JSON: it is bounded like the body, before it is parsed.
      holdOf(request)?.grow(sizeOfValues(json));
      await ownTurn(json);

      // What is asked for is listed, readable, and has a hash that a repeat has too.
      const invocation = prepareInvocation(userOf(request), request.body, {
        services: settings.services,
        replaceUploads: (text) => fileIds.replaceUrls(text, `${context.publicUrl()}/files/`),
        consume: settings.consume,
      });
      request.body.data = undefined;
      await ownTurn(json);

      // It is claimed, sent at most once, and settled. A repeat of a running call waits for it, and holds nothing.
      return invoker.invoke(invocation, () => holdOf(request)?.release());
    },
  );
  refuseOtherMethods(app, INVOKE_PATH, ['POST']);
}
