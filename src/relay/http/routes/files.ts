import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FileReply, FileRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { tooLarge } from '../../files/upload-guard';
import { receiveFile } from '../../files/receive-file';
import { refuseMethod, requireSession, userOf } from '../hooks/session';
import type { ServerParts } from '../../load-server';
import { isJson } from '../hooks/limits';
import { readIncoming } from '../incoming-file';

const body = {
  content: {
    'application/json': {
      schema: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
        properties: { text: { type: 'string' }, base64: { type: 'string' } },
      },
    },
  },
};
/** Bytes that a multipart body may have beside the file. */
const ENVELOPE = 16 * 1024;

/** `POST /files`: one file as a multipart field `file`, as the body itself, or as JSON; streamed to the store. */
export async function addReceiveFileRoute(
  app: FastifyInstance,
  context: RelayContext,
  { multipart }: ServerParts,
): Promise<void> {
  const { settings } = context;
  await app.register(multipart, {
    throwFileSizeLimit: false,
    // One more of each than is taken, so that the excess is seen and refused.
    limits: { fileSize: Infinity, files: 2, fields: 1, fieldSize: 1024, headerPairs: 32 },
  });
  // The body stays a stream.
  app.addContentTypeParser(['application/octet-stream', 'text/plain'], (_request, payload, done) => {
    done(null, payload);
  });
  app.post<{ Body: FileRequest | undefined }>(
    '/files',
    {
      schema: { body },
      // For JSON; streams are counted as they pass.
      bodyLimit: settings.maxJsonSize,
      onRequest: [requireSession(context), async (request) => refuseLength(request), context.limitHeldBodies],
    },
    async (request) => {
      const incoming = await readIncoming(request);
      const reply: FileReply = await receiveFile(context, userOf(request), incoming);
      return reply;
    },
  );
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/files',
    onRequest: refuseMethod('POST'),
    handler: () => {},
  });

  /** Refuses by what the headers say, before a byte of the body is read. */
  function refuseLength(request: FastifyRequest): void {
    const length = Number(request.headers['content-length'] ?? 0);
    if (isJson(request)) {
      if (length > settings.maxJsonSize) throw tooLarge(settings.maxJsonSize);
    } else if (length > settings.maxFileSize + ENVELOPE) throw tooLarge(settings.maxFileSize);
  }
}
