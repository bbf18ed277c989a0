import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RelayContext } from '../../context';
import { RelayError } from '../../../invocation';
import { type FileReference, readFileId } from '../../files/file-id';
import { refuseMethod } from '../hooks/session';

/**
 * `GET` and `HEAD /files/:id`: the bytes, to whoever knows the id, until it expires. An id that is unknown,
 * expired or malformed gets one and the same answer. Never shown in place: a stranger's file must not run
 * as a page of the relay's origin.
 */
export function addServeFileRoute(app: FastifyInstance, { files, settings }: RelayContext): void {
  const url = '/files/:id';
  app.get<{ Params: { id: string } }>(url, { exposeHeadRoute: false }, async (request, reply) => {
    const reference = find(request.params.id);
    const file = (await files.get(reference.key)) ?? missing();
    return addHeaders(reply, reference, file.size).send(file.stream);
  });
  app.head<{ Params: { id: string } }>(url, async (request, reply) => {
    const reference = find(request.params.id);
    const size = (await files.size(reference.key)) ?? missing();
    return addHeaders(reply, reference, size).send();
  });
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url,
    onRequest: refuseMethod('GET, HEAD'),
    handler: () => {},
  });

  function find(id: string): FileReference {
    const reference = readFileId(id);
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

function missing(): never {
  throw new RelayError(404, 'Failed to find the file: its URL is unknown or has expired.');
}
