import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { errorBody, textOf } from './errors';

const STATUS: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };
const PHRASES: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** How many requests of a connection are being answered. */
const answering = new WeakMap<Socket, number>();

/** Lets `onClientError` know of requests under way. */
export function watchRequests(app: FastifyInstance): void {
  const add = ({ raw }: FastifyRequest, more: number): void =>
    void answering.set(raw.socket, (answering.get(raw.socket) ?? 0) + more);
  app.addHook('onRequest', async (request) => add(request, 1));
  app.addHook('onResponse', async (request) => add(request, -1));
}

/** Answers what never became a request: malformed HTTP, too many headers, headers or bodies that do not come. */
export function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS[error.code ?? ''] ?? 400;
  // The client may take this for the answer to a request before it, which may have been sent on.
  const billing = answering.get(socket) ? 'unknown' : 'none';
  const body = JSON.stringify(errorBody(status, textOf(status), randomUUID(), billing));
  socket.end(
    `HTTP/1.1 ${status} ${PHRASES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
