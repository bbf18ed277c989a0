import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header in which the page sends its token. */
const TOKEN_HEADER = 'x-playground-token';

/** Why a request is not answered. */
export interface Refusal {
  status: number;
  reason: string;
  allow?: string;
}

/**
 * What a request must show before anything is done for it. The server is on loopback, where every page that the
 * browser has open can send to it: a foreign page is known by its Origin, a name that was bound to 127.0.0.1 later by
 * the Host, and only the playground's own page can read the token that stands in it.
 *
 * @param port - that the server listens on
 * @param token - stands in the page
 * @param file - the page's own file at this path, which anybody on this machine may read
 * @returns undefined where it may be answered
 */
export function refusalOf(
  { method = '', headers }: IncomingMessage,
  { port, token, file }: { port: number; token: string; file: { hasToken: boolean } | undefined },
): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) return { status: 403, reason: 'wrong Host' };
  const { origin } = headers;
  // The frame where page code runs has the origin "null". It gets its script, and has no other business here.
  const isScriptOfFrame = origin === 'null' && file !== undefined && !file.hasToken;
  if (origin !== undefined && origin !== `http://${headers.host}` && !isScriptOfFrame) {
    return { status: 403, reason: 'foreign Origin' };
  }
  if (file) {
    return method === 'GET' || method === 'HEAD'
      ? undefined
      : { status: 405, reason: 'only read', allow: 'GET, HEAD' };
  }
  const sent = headers[TOKEN_HEADER];
  if (typeof sent !== 'string' || !isSame(sent, token)) return { status: 403, reason: 'wrong token' };
  return undefined;
}

function isSame(sent: string, token: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
