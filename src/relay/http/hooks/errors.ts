import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Billing, RelayReply } from '../../../protocol';
import { billingOf, errcodeOf, RelayError } from '../../../invocation';

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

/** Makes every error, wherever it arises, an answer `{errcode, errmsg, billing, request_id}`. */
export function addErrorReplies(app: FastifyInstance): void {
  app.setErrorHandler(replyWithError);
  app.setNotFoundHandler((request, reply) => {
    replyWithError(new RelayError(404, 'Failed to answer: there is no such path.'), request, reply);
  });
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
  if (error instanceof RelayError && error.details.retryAfter) {
    reply.header('retry-after', error.details.retryAfter);
  }
  const body = errorBody(statusCode, describe(error, statusCode), request.id, billingAfter(error, request));
  reply.code(statusCode).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** @param billing - where more is known than the status says */
export function errorBody(
  statusCode: number,
  errmsg: string,
  requestId: string,
  billing: Billing = billingOf(statusCode),
): RelayReply {
  return { errcode: errcodeOf(statusCode), errmsg, billing, request_id: requestId };
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
