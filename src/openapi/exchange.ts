import * as http from 'node:http';
import * as https from 'node:https';
import { setImmediate } from 'node:timers/promises';

export interface ExchangeAnswer {
  status: number;
  contentType: string;
  bytes: Buffer;
}

/**
 * @param target - path and query
 * @param type - `content-type` of the body, where there is one
 */
export type Exchange = (
  method: string,
  target: string,
  type: string,
  body: string | Buffer | undefined,
) => Promise<ExchangeAnswer>;

/** No whole answer came. The message holds no URL: a query holds secrets. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  /**
   * @param code - the system's, such as ECONNRESET
   * @param hasLeft - false when provably no byte of the request has left
   */
  constructor(
    readonly code: string,
    readonly hasLeft: boolean,
    readonly timedOut = false,
  ) {
    super(`Failed to exchange a request for an answer: ${code}.`);
  }
}

const NO_ANSWER = 'no answer in time';
/** Bytes of an answer, which is held in memory. */
const LARGEST_ANSWER = 32 * 1024 * 1024;
/** Failures that arise before a byte of the request has left, while its connection is made. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
/** Ms until a connection has to be there, with TLS. */
const CONNECT_TIMEOUT = 10_000;
/**
 * Ms that an unused connection is kept: less than the 5 s after which many servers close theirs, since a request
 * on a connection that is just being closed is lost.
 */
const IDLE = 4000;

/**
 * HTTP with kept connections, redirects not followed. Node's own client, because `fetch` costs four times as
 * much, which is most of what a call costs the relay.
 *
 * @param baseUrl - http or https, perhaps with a path, without a slash at the end
 * @param timeout - ms for the whole answer
 * @returns a function that rejects with an ExchangeError
 * @throws TypeError when `baseUrl` is no such URL
 */
export function createExchange(baseUrl: string, timeout: number): Exchange {
  const base = parseBase(baseUrl);
  const client = base.protocol === 'https:' ? https : http;
  const path = base.pathname === '/' ? '' : base.pathname;
  const fixed = {
    // Written as in a URL, an IPv6 address has brackets, and is no host name with them.
    host: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
    agent: new client.Agent({ keepAlive: true, timeout: IDLE }),
  };
  return async (method, target, type, body) => {
    const headers: http.OutgoingHttpHeaders = { accept: '*/*', 'accept-encoding': 'identity' };
    if (body !== undefined) {
      headers['content-type'] = type;
      headers['content-length'] = Buffer.byteLength(body);
    }
    // A kept connection that was closed by now must not be used, because its request would be lost. The first
    // turn may end without looking for news of the connections; the second has looked.
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
          if (size <= LARGEST_ANSWER) return;
          fail(failure('the answer is too large'));
          request.destroy();
        });
        response.on('end', () => {
          clearTimeout(deadline);
          const contentType = response.headers['content-type'] ?? '';
          resolve({ status: response.statusCode as number, contentType, bytes: Buffer.concat(chunks) });
        });
      });
      request.end(body);
    });
  };
}

function parseBase(baseUrl: string): URL {
  const base = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isPlain =
    base && /^https?:$/.test(base.protocol) && !base.username && !base.password && !base.search && !base.hash;
  if (isPlain) return base;
  throw new TypeError(
    'Failed to make the platform client: "baseUrl" must be an http(s) URL without user, query or fragment.',
  );
}

/** @returns tells whether the request has, or had, a connection that it may have left by */
function watchConnection(request: http.ClientRequest, event: 'connect' | 'secureConnect'): () => boolean {
  let connected = false;
  request.once('socket', (socket) => {
    connected = request.reusedSocket;
    if (connected) return;
    const patience = setTimeout(() => request.destroy(failure('ETIMEDOUT')), CONNECT_TIMEOUT);
    socket.once('close', () => clearTimeout(patience));
    socket.once(event, () => {
      connected = true;
      clearTimeout(patience);
    });
  });
  return () => connected;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
