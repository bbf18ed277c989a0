import http from 'node:http';
import https from 'node:https';
import { setImmediate } from 'node:timers/promises';

export interface ExchangeAnswer {
  status: number;
  contentType: string;
  /** In lower case. */
  headers: http.IncomingHttpHeaders;
  bytes: Buffer;
}

/**
 * @param target - path and query
 * @param type - `content-type` of the body, where there is one
 * @param headers - further ones
 */
export type Exchange = (
  method: string,
  target: string,
  type: string,
  body: string | Buffer | undefined,
  headers?: Record<string, string>,
) => Promise<ExchangeAnswer>;

export interface ExchangeOptions {
  /** Use a connection again. False where the process may be frozen between two requests. @default true */
  keepAlive?: boolean;
}

/** No whole answer came. The message holds no URL: a query holds secrets. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly code: string;
  readonly hasLeft: boolean;
  readonly timedOut: boolean;

  /**
   * @param code - the system's, such as ECONNRESET
   * @param hasLeft - false when provably no byte of the request has left
   */
  constructor(code: string, hasLeft: boolean, timedOut = false) {
    super(`Failed to exchange a request for an answer: ${code}.`);
    this.code = code;
    this.hasLeft = hasLeft;
    this.timedOut = timedOut;
  }
}

const NO_ANSWER = 'no answer in time';
/** Bytes of an answer, which is held in memory. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** Failures that arise before a byte of the request has left, while its connection is made. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
/** Until a connection has to be there, with TLS. */
const CONNECT_TIMEOUT_MS = 10_000;
/**
 * How long an unused connection is kept: less than the 5 s after which many servers close theirs, since a request
 * on a connection that is just being closed is lost.
 */
const KEEP_ALIVE_MS = 4000;

/**
 * HTTP with keep-alive, redirects not followed. Node's own client, because `fetch` costs four times as
 * much, which is most of what a call costs the relay.
 *
 * @param baseUrl - http or https, perhaps with a path, without a slash at the end
 * @param timeout - ms for the whole answer
 * @returns a function that rejects with an ExchangeError
 * @throws TypeError when `baseUrl` is no such URL
 */
export function createExchange(
  baseUrl: string,
  timeout: number,
  { keepAlive = true }: ExchangeOptions = {},
): Exchange {
  const base = parseBase(baseUrl);
  const client = base.protocol === 'https:' ? https : http;
  const path = base.pathname === '/' ? '' : base.pathname;
  const fixed = {
    // Written as in a URL, an IPv6 address has brackets, and is no host name with them.
    host: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
    agent: new client.Agent({ keepAlive, timeout: KEEP_ALIVE_MS }),
  };
  return async (method, target, type, body, furtherHeaders) => {
    const headers: http.OutgoingHttpHeaders = {
      accept: '*/*',
      'accept-encoding': 'identity',
      ...furtherHeaders,
    };
    if (body !== undefined) {
      headers['content-type'] = type;
      headers['content-length'] = Buffer.byteLength(body);
    }
    // A request on a keep-alive connection that was closed by now would be lost. Node notices the end of one while
    // it polls for I/O; the first turn may end without a poll, the second never does.
    await setImmediate();
    await setImmediate();
    return new Promise((resolve, reject) => {
      const request = client.request({ ...fixed, method, path: path + target, headers });
      const isConnected = watchConnection(request, client === https ? 'secureConnect' : 'connect');
      const deadline = setTimeout(() => {
        // First, because destroying ends an answer that has begun with an error of its own.
        fail(failure(NO_ANSWER));
        request.destroy();
      }, timeout);
      const fail = (error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): void => {
        clearTimeout(deadline);
        const code = error.code ?? error.errors?.[0]?.code ?? 'network error';
        reject(new ExchangeError(code, isConnected() || !NEVER_LEFT.has(code), code === NO_ANSWER));
      };
      request.on('error', fail);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', fail);
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size <= MAX_ANSWER_BYTES) return;
          fail(failure('the answer is too large'));
          request.destroy();
        });
        response.on('end', () => {
          clearTimeout(deadline);
          const { statusCode, headers: answered } = response;
          const contentType = answered['content-type'] ?? '';
          resolve({
            status: statusCode as number,
            contentType,
            headers: answered,
            bytes: Buffer.concat(chunks),
          });
        });
      });
      request.end(body);
    });
  };
}

function parseBase(baseUrl: string): URL {
  const base = tryParse(baseUrl);
  const isPlain =
    base && /^https?:$/.test(base.protocol) && !base.username && !base.password && !base.search && !base.hash;
  if (isPlain) return base;
  throw new TypeError(
    'Failed to make the platform client: "baseUrl" must be an http(s) URL without user, query or fragment.',
  );
}

function tryParse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

/** @returns a function that says whether the request has, or had, a connection that it may have left by */
function watchConnection(request: http.ClientRequest, event: 'connect' | 'secureConnect'): () => boolean {
  let connected = false;
  request.once('socket', (socket) => {
    connected = request.reusedSocket;
    if (connected) return;
    const connectTimer = setTimeout(() => request.destroy(failure('ETIMEDOUT')), CONNECT_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(connectTimer));
    socket.once(event, () => {
      connected = true;
      clearTimeout(connectTimer);
    });
  });
  return () => connected;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
