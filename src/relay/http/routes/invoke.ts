import type { FastifyInstance } from 'fastify';
import { prepareInvocation } from '../../../invocation';
import type { RelayInvokeRequest } from '../../../protocol';
import { ownerOf } from '../../apps/apps';
import type { RelayContext } from '../../context';
import { INVOKE_PATH } from '../hooks/errors';
import { holdOf } from '../hooks/limits';
import { requireSession, sessionOf } from '../hooks/session';
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
export function addInvokeRoute(server: FastifyInstance, context: RelayContext): void {
  const { settings, bufferedBodies } = context;
  server.post<{ Body: RelayInvokeRequest }>(
    INVOKE_PATH,
    {
      schema: { body },
      bodyLimit: settings.maxJsonSize,
      onRequest: [requireSession(context), bufferedBodies.onRequest],
      onSend: bufferedBodies.onSend,
    },
    async (request) => {
      const { app, userId } = sessionOf(request);
      const { data } = request.body;
      const json = typeof data === 'string' ? data : '';
      await ownTurn(json);
      // The data is JSON in JSON: it is bounded like the body, before it is parsed.
      holdOf(request)?.grow(sizeOfValues(json));
      await ownTurn(json);

      // What is asked for is listed, readable, and has a hash that a repeat has too.
      const invocation = prepareInvocation(userId, request.body, {
        services: app.settings.services,
        replaceUploads: (text) => app.fileIds.replaceUrls(text, app.filesUrl()),
        consume: app.settings.consume,
        // Also in a relay of one app: moved among others, it finds its claims in Redis again, and the ids must be the same.
        owner: ownerOf({ scope: app.settings.appid }, userId),
      });
      request.body.data = undefined;
      await ownTurn(json);

      // It is claimed, sent at most once, and settled. A repeat of a running call waits for it, and holds nothing.
      return app.invoker.invoke(invocation, () => holdOf(request)?.release());
    },
  );
  refuseOtherMethods(server, INVOKE_PATH, ['POST']);
}
