import { RelayError } from '../../invocation';

const MAX_JSON_BYTES = 4_194_304;

/** What a function with a URL is called with. */
export interface HttpEvent {
  path?: unknown;
  httpMethod?: unknown;
  headers?: Record<string, unknown>;
  queryStringParameters?: Record<string, unknown> | null;
  body?: unknown;
  isBase64Encoded?: unknown;
}

export interface Context {
  /** `http`, `timing`, or a client. */
  SOURCE?: string;
  CLIENTIP?: string;
}

/** A request with its body decoded. */
export interface Request {
  method: string;
  /** The last part of the path: what some clouds put before it differs. */
  path: string;
  query: Record<string, unknown>;
  /** Of the session. */
  token: string | undefined;
  address: string;
  /** How many bytes the client meant to send, as it says it; undefined where it does not. */
  intendedBytes: string | undefined;
  contentType: string;
  /** The content type without parameters, in lower case. */
  type: string;
  isBase64: boolean;
  text: string;
  bytes: Buffer;
}

export function readRequest(event: HttpEvent, context: Context): Request {
  const headers = Object.fromEntries(
    Object.entries(event.headers || {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const contentType = headers['content-type'] || '';
  const isBase64 = String(event.isBase64Encoded) === 'true';
  const text = typeof event.body === 'string' ? event.body : '';
  return {
    method: String(event.httpMethod).toUpperCase(),
    path: lastPart(String(event.path)),
    query: event.queryStringParameters ?? {},
    token: /^Bearer ([\w-]{43})$/i.exec(headers.authorization)?.[1],
    address: context.CLIENTIP || 'unknown',
    intendedBytes: headers['x-content-bytes'],
    contentType,
    type: contentType.split(';')[0].trim().toLowerCase(),
    isBase64,
    text,
    bytes: Buffer.from(text, isBase64 ? 'base64' : 'utf8'),
  };
}

function lastPart(path: string): string {
  const [withoutQuery] = path.split('?');
  return withoutQuery.split('/').filter(Boolean).pop() ?? '';
}

/**
 * @param fields - the body may have these and no others
 * @returns the body, a JSON object
 * @throws RelayError
 */
export function readJsonBody({ type, bytes }: Request, fields: readonly string[]): Record<string, unknown> {
  if (type !== 'application/json') throw malformed(415, 'its content type has to be application/json');
  if (bytes.length > MAX_JSON_BYTES) throw malformed(413, 'its body is too large. Send a smaller one');
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    throw malformed(400, 'its body is no JSON');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw malformed(400, 'its body has to be an object');
  }
  if (Object.keys(body).some((name) => !fields.includes(name))) {
    throw malformed(400, `it may have ${fields.join(', ')} and nothing else`);
  }
  return body as Record<string, unknown>;
}

function malformed(statusCode: number, cause: string): RelayError {
  return new RelayError(statusCode, `Failed to read the request: ${cause}.`);
}

/** An answer in the form that uniCloud's gateway sends as it is. */
export interface ComposedResponse {
  mpserverlessComposedResponse: true;
  isBase64Encoded: false;
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** @param body - a string is sent as it is; without a body the answer is a 204 */
export function composeResponse(
  statusCode: number,
  body: object | string | undefined,
  headers: Record<string, string>,
): ComposedResponse {
  return {
    mpserverlessComposedResponse: true,
    isBase64Encoded: false,
    statusCode: body === undefined ? 204 : statusCode,
    headers: {
      'content-type': `${typeof body === 'string' ? 'text/plain' : 'application/json'}; charset=utf-8`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: typeof body === 'object' ? JSON.stringify(body) : (body ?? ''),
  };
}
