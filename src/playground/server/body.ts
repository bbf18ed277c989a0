import type { IncomingMessage } from 'node:http';

/** A request that cannot be answered, and with which status. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Bytes of a JSON body: a picture of 10 MB in base64, and what stands beside it. */
const MAX_BODY_BYTES = 15 * 1024 * 1024;

/**
 * Reads the JSON body of a request.
 *
 * @throws RequestError where it is no JSON object, or too large
 */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  // Another type could be sent by a form of a foreign page.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new RequestError(415, 'send application/json');
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    // The rest is read all the same: who is cut off while sending sees no answer.
    if (bytes <= MAX_BODY_BYTES) parts.push(part);
  }
  if (bytes > MAX_BODY_BYTES) throw new RequestError(413, `send at most ${MAX_BODY_BYTES} bytes`);
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new RequestError(400, 'the body is no JSON');
  }
  if (typeof body !== 'object' || body === null) throw new RequestError(400, 'the body is no object');
  return body as Record<string, unknown>;
}
