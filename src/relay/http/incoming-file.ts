import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { readIntendedBytes, RelayError } from '../../invocation';
import type { FileRequest } from '../../protocol';
import type { IncomingFile } from '../files/receive-file';
import { tooLarge } from '../files/upload-guard';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes that a multipart body may have beside the file: boundaries, headers of its parts, what comes before and after. */
export const MAX_ENVELOPE_BYTES = 16 * 1024;

/** One more part of each kind than is accepted, so that the excess is seen and refused. */
export const MULTIPART_LIMITS = {
  fileSize: Infinity,
  files: 2,
  fields: 2,
  fieldSize: 1024,
  headerPairs: 32,
  headerSize: 4096,
};

/**
 * Finds the file in a request, whichever way it was sent.
 *
 * @param maxFileSize - bytes; a multipart body with more beside the file than its envelope may have fails
 */
export async function readIncoming(request: FastifyRequest, maxFileSize: number): Promise<IncomingFile> {
  const intended = readIntendedBytes(request.headers['x-content-bytes']);
  if (request.isMultipart()) return readMultipart(request, intended, maxFileSize);
  if (request.body instanceof Readable) {
    return {
      source: request.body,
      claimedType: request.headers['content-type'],
      intended: async () => intended,
      ...lengthOf(request),
    };
  }
  if (!request.body) throw wrongForm();
  return readJson(request.body as FileRequest, intended);
}

function readJson(body: FileRequest, intended: number | undefined): IncomingFile {
  if ('base64' in body && (body.base64.length % 4 !== 0 || !BASE64.test(body.base64))) {
    throw new RelayError(400, 'Failed to read the file: "base64" is not base64 with its padding.');
  }
  const bytes = 'text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64');
  return {
    // In an array, because Readable.from would emit an empty buffer as a chunk of an ended stream.
    source: Readable.from(bytes.length > 0 ? [bytes] : []),
    claimedType: 'text' in body ? 'text/plain' : undefined,
    length: bytes.length,
    intended: async () => intended,
  };
}

/** One part `file`, and beside it at most one field `bytes`. */
async function readMultipart(
  request: FastifyRequest,
  header: number | undefined,
  maxFileSize: number,
): Promise<IncomingFile> {
  const parts = request.parts();
  // A body of unknown length could else be all preamble, for ever.
  let received = 0;
  request.raw.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxFileSize + MAX_ENVELOPE_BYTES) request.raw.emit('error', tooLarge(maxFileSize));
  });
  let intended = header;
  let part = await nextPart(parts);
  if (part && isBytesField(part)) {
    intended ??= readIntendedBytes(part.value);
    part = await nextPart(parts);
  }
  if (part?.type !== 'file' || part.fieldname !== 'file') throw wrongForm();
  return {
    source: part.file,
    claimedType: part.mimetype,
    received: () => received,
    async intended() {
      for (let next = await nextPart(parts); next; next = await nextPart(parts)) {
        if (!isBytesField(next)) throw wrongForm();
        intended ??= readIntendedBytes(next.value);
      }
      return intended;
    },
    ...lengthOf(request),
  };
}

function isBytesField(part: Multipart): part is Multipart & { type: 'field' } {
  return part.type === 'field' && part.fieldname === 'bytes';
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
  return new RelayError(
    400,
    'Failed to read the file: send one multipart part "file", and beside it at most the field "bytes".',
  );
}
