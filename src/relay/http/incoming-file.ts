import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { FileRequest } from '../../protocol';
import { RelayError } from '../../invocation';
import type { IncomingFile } from '../files/receive-file';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Finds the file in a request, whichever way it was sent. */
export async function readIncoming(request: FastifyRequest): Promise<IncomingFile> {
  if (request.isMultipart()) return readMultipart(request);
  if (request.body instanceof Readable) {
    return { source: request.body, claimedType: request.headers['content-type'], ...lengthOf(request) };
  }
  if (!request.body) throw wrongForm();
  return readJson(request.body as FileRequest);
}

function readJson(body: FileRequest): IncomingFile {
  if ('base64' in body && (body.base64.length % 4 !== 0 || !BASE64.test(body.base64))) {
    throw new RelayError(400, 'Failed to read the file: "base64" is not base64 with its padding.');
  }
  const bytes = 'text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64');
  // In an array, because Readable.from would emit an empty buffer as a chunk of an ended stream.
  const source = Readable.from(bytes.length > 0 ? [bytes] : []);
  return { source, claimedType: 'text' in body ? 'text/plain' : undefined, length: bytes.length };
}

async function readMultipart(request: FastifyRequest): Promise<IncomingFile> {
  const parts = request.parts();
  const part = await nextPart(parts);
  if (part?.type !== 'file' || part.fieldname !== 'file') throw wrongForm();
  return {
    source: part.file,
    claimedType: part.mimetype,
    ...lengthOf(request),
    async finish() {
      if (await nextPart(parts)) throw wrongForm();
    },
  };
}

async function nextPart(parts: AsyncIterator<Multipart>): Promise<Multipart | undefined> {
  try {
    return (await parts.next()).value as Multipart | undefined;
  } catch (cause) {
    if (cause instanceof RelayError) throw cause;
    throw new RelayError(400, 'Failed to read the file: the multipart body is malformed.', { cause });
  }
}

function lengthOf(request: FastifyRequest): { length?: number } {
  const length = request.headers['content-length'];
  return length === undefined ? {} : { length: Number(length) };
}

function wrongForm(): RelayError {
  return new RelayError(400, 'Failed to read the file: send one multipart field "file" and nothing else.');
}
