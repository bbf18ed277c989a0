import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Of a connection, not of a request; and what the relay has no use for. */
const NOT_FORWARDED = new Set(['connection', 'keep-alive', 'host', 'origin', 'referer', 'cookie']);

/**
 * Hands a request of the page on to the relay, byte by byte, and its answer back: by way of the page's own origin, the
 * page needs no other one, and what guards that guards the relay too.
 *
 * @param path - at the relay, with its query
 */
export function forwardToRelay(
  relayUrl: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, headers } = request;
  const kept = Object.entries(headers).filter(
    ([name]) => !NOT_FORWARDED.has(name) && !name.startsWith('sec-'),
  );
  const onward = http.request(relayUrl + path, { method, headers: Object.fromEntries(kept) }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  // The page has given up: so does the request that was made for it.
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
