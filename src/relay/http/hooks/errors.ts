import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Billing, RelayReply } from '../../../protocol';
import { billingOf, errcodeOf, RelayError, type RelayErrorDetails } from '../../../invocation';

/** Fixed texts for the framework's own refusals: its messages may quote the body. */
const TEXTS: Record<number, string> = {
  400: 'Failed to read the request: it is malformed. Check its body, headers and URL.',
  408: 'Failed to read the request: it came too slowly. Send it again.',
  413: 'Failed to read the request: its body is too large. Send a smaller one.',
  414: 'Failed to read the request: its URL is too long.',
  415: 'Failed to read the request: its content type is not accepted here. See the documentation of this path.',
  431: 'Failed to read the request: its headers are too large. Send fewer or shorter ones.',
};
/** The one path whose requests make the platform send a bill. */
export const INVOKE_PATH = '/invoke';
const INTERNAL = 'Failed to answer: an error inside the relay. Its log names this request id.';

/** Why requests were refused, where their status does not tell. */
const reasons = new WeakMap<FastifyRequest, RelayErrorDetails['reason']>();

/** @returns why a request was refused, where its status does not tell */
export function reasonOf(request: FastifyRequest): RelayErrorDetails['reason'] {
  return reasons.get(request);
}

/** Makes every error, wherever it arises, an answer `{errcode, errmsg, billing, request_id}`. */
export function addErrorReplies(app: FastifyInstance): void {
  app.setErrorHandler(replyWithError);
  app.setNotFoundHandler((request, reply) => replyWithError(noSuchPath(), request, reply));
}

/** Answers one request with an error. Also for errors that arise before routing. */
export function replyWithError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const statusCode = 'statusCode' in error && isRefusal(error.statusCode) ? error.statusCode : 500;
  if (statusCode >= 500) request.log.error({ err: error }, 'request failed');
  if (statusCode === 401) reply.header('www-authenticate', 'Bearer');
  if (statusCode === 408) reply.header('connection', 'close');
  if (error instanceof RelayError) {
    const { reason, retryAfter } = error.details;
    reasons.set(request, reason);
    if (retryAfter) reply.header('retry-after', retryAfter);
  }
  const body = errorBody(statusCode, describe(error, statusCode), request.id, billingAfter(error, request));
  reply.code(statusCode).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** @param billing - where more is known than the status says */
function errorBody(
  statusCode: number,
  errmsg: string,
  requestId: string,
  billing: Billing = billingOf(statusCode),
): RelayReply {
  return { errcode: errcodeOf(statusCode), errmsg, billing, request_id: requestId };
}

/** For a path that the relay does not have. */
export function noSuchPath(): RelayError {
  return new RelayError(404, 'Failed to answer: there is no such path.');
}

/** The fixed text for a status. */
export function textOf(statusCode: number): string {
  return TEXTS[statusCode] ?? (statusCode >= 500 ? INTERNAL : TEXTS[400]);
}

/** Calls alone are billed: of any other path no failure can be. */
function billingAfter(error: Error, request: FastifyRequest): Billing | undefined {
  if (error instanceof RelayError && error.details.billing) return error.details.billing;
  return request.routeOptions?.url === INVOKE_PATH ? undefined : 'none';
}

function isRefusal(statusCode: unknown): statusCode is number {
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600;
}

function describe(error: FastifyError | Error, statusCode: number): string {
  if (error instanceof RelayError) return error.message;
  // The validator's texts name fields and rules, never values.
  if ('validation' in error && error.validation) return `Failed to read the request: ${error.message}.`;
  return textOf(statusCode);
}

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
