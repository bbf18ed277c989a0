import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RelayError, storeFailed } from '../../../invocation';
import type { FileReply, FileRequest } from '../../../protocol';
import type { RelayContext } from '../../context';
import { EMPTY_CONTENT, type FileReference } from '../../files/file-id';
import { receiveFile } from '../../files/receive-file';
import { tooLarge } from '../../files/upload-guard';
import type { ServerParts } from '../../load-server';
import { isJson } from '../hooks/limits';
import { keepOrigin } from '../hooks/origins';
import { requireSession, sessionOf } from '../hooks/session';
import { MAX_ENVELOPE_BYTES, MULTIPART_LIMITS, readIncoming } from '../incoming-file';
import { refuseOtherMethods } from '../refuse-other-methods';

interface OneFile {
  Params: { id: string };
}

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

/** `POST /files`: one file as a multipart field `file`, as the body itself, or as JSON; streamed to the store. */
export async function addReceiveFileRoute(
  server: FastifyInstance,
  context: RelayContext,
  { multipart }: ServerParts,
): Promise<void> {
  const { settings } = context;
  await server.register(multipart, { throwFileSizeLimit: false, limits: MULTIPART_LIMITS });
  // The body stays a stream.
  server.addContentTypeParser(['application/octet-stream', 'text/plain'], (_request, payload, done) => {
    done(null, payload);
  });
  server.post<{ Body: FileRequest | undefined }>(
    '/files',
    {
      schema: { body },
      // For JSON; streams are counted as they pass.
      bodyLimit: settings.maxJsonSize,
      onRequest: [
        requireSession(context),
        async (request) => refuseByLength(request),
        context.bufferedBodies.onRequest,
      ],
    },
    async (request) => {
      const incoming = await readIncoming(request, settings.maxFileSize);
      const reply: FileReply = await receiveFile(context, sessionOf(request), incoming);
      return reply;
    },
  );
  refuseOtherMethods(server, '/files', ['POST']);

  /** Refuses by what the headers say, before a byte of the body is read. */
  function refuseByLength(request: FastifyRequest): void {
    const length = Number(request.headers['content-length'] ?? 0);
    if (isJson(request)) {
      if (length > settings.maxJsonSize) throw tooLarge(settings.maxJsonSize);
    } else if (length > settings.maxFileSize + MAX_ENVELOPE_BYTES) throw tooLarge(settings.maxFileSize);
  }
}

/**
 * `GET` and `HEAD /files/:id`: the bytes, to whoever knows the id, until it expires. An id that is unknown,
 * expired or malformed gets one and the same answer. Never shown in place: a stranger's file must not run
 * as a page of the relay's origin.
 */
export function addServeFileRoute(server: FastifyInstance, { files, apps, settings }: RelayContext): void {
  const url = `${apps.pathOf('/files')}/:id`;
  server.get<OneFile>(url, { exposeHeadRoute: false }, async (request, reply) => {
    const reference = find(request, reply);
    // The client may leave before the store answers, and while it sends: nothing stays open then.
    const leaving = new AbortController();
    reply.raw.once('close', () => leaving.abort());
    const found = await files.get(reference.key, leaving.signal).catch((cause: unknown) => {
      if (leaving.signal.aborted)
        throw new RelayError(400, 'Failed to send the file: the connection has ended.');
      throw storeFailed(cause);
    });
    const file = found ?? missing();
    reply.raw.once('close', () => file.stream.destroy());
    requireWhole(request, reference, file.size);
    if (reply.raw.destroyed) file.stream.destroy();
    return addHeaders(reply, reference, file.size).send(file.stream);
  });
  server.head<OneFile>(url, async (request, reply) => {
    const reference = find(request, reply);
    const size = (await files.size(reference.key)) ?? missing();
    requireWhole(request, reference, size);
    return addHeaders(reply, reference, size).send();
  });
  refuseOtherMethods(server, url, ['GET', 'HEAD']);

  function find(request: FastifyRequest<OneFile>, reply: FastifyReply): FileReference {
    const app = apps.ofPath(request) ?? missing();
    keepOrigin(app, request, reply);
    const reference = app.fileIds.read(request.params.id);
    return reference && reference.expiresAt * 1000 > settings.now() ? reference : missing();
  }
}

function addHeaders(reply: FastifyReply, { type }: FileReference, size: number): FastifyReply {
  return reply.type(type).headers({
    'content-length': size,
    'content-disposition': 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, no-store',
    'referrer-policy': 'no-referrer',
  });
}

/** A machine that lost power may keep the name of a file and none of its bytes; a service would be paid for reading those. */
function requireWhole({ log }: FastifyRequest, { content, key }: FileReference, size: number): void {
  if (size > 0 || content === EMPTY_CONTENT) return;
  log.error({ key }, 'a stored file has lost its bytes, and is not served');
  missing();
}

function missing(): never {
  throw new RelayError(404, 'Failed to find the file: its URL is unknown or has expired.');
}
