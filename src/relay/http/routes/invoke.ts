import type { FastifyInstance } from 'fastify';
import {
  MAX_DEPTH,
  digest,
  hashCall,
  type Invoker,
  isTooDeep,
  RelayError,
  requireListed,
} from '../../../invocation';
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
      const { service, api, client_msg_id: id } = request.body;
      requireListed(settings.services, service, api);
      const data = readData(request.body.data);
      return invoker.invoke({
        userId: userOf(request),
        id,
        hash: hashCall(
          request.body,
          data.text === undefined ? undefined : replaceFileUrls(data.text, `${context.publicUrl()}/files/`),
        ),
        call: {
          service,
          api,
          // The platform reads a text as JSON text, so a value that is a text goes as its JSON.
          ...(data.text !== undefined && { data: typeof data.value === 'string' ? data.text : data.value }),
          // Of this user alone: the platform may know repeats by the id, and another user may have the same.
          client_msg_id: `${id}_${digest(userOf(request)).slice(0, 16)}`,
          ...(request.body.async && { async: true }),
          ...(settings.consume && {
            consume_type: settings.consume.type,
            consume_appid: settings.consume.appid,
          }),
        },
      });
    },
  );
  refuseOtherMethods(app, INVOKE_PATH, ['POST']);
}

/** `data` comes as JSON text; a value that is no text stands for itself. */
function readData(data: unknown): { text?: string; value?: unknown } {
  if (data === undefined) return {};
  const isText = typeof data === 'string';
  const text = isText ? data : writeData(data);
  const value = isText ? parseData(data) : data;
  if (isTooDeep(text)) throw tooDeep();
  return { text, value };
}

function parseData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RelayError(400, 'Failed to read the call: "data" is a text that is no JSON.');
  }
}

function writeData(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw tooDeep();
  }
}

function tooDeep(): RelayError {
  return new RelayError(400, `Failed to read the call: "data" is nested deeper than ${MAX_DEPTH} levels.`);
}
