import http from 'node:http';
import https from 'node:https';
import type { HttpExchange, HttpResult } from '../network/types';

/** Bytes written at once: progress is reported after each piece. */
const CHUNK_BYTES = 64 * 1024;

/** One exchange over a real connection of its own. */
export function nodeHttp({ method, url, headers, body, signal, onSent }: HttpExchange): Promise<HttpResult> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http;
    const length = body.length > 0 || method === 'POST' ? { 'content-length': String(body.length) } : {};
    const outgoing = request(
      url,
      { method, headers: { ...headers, ...length }, signal, agent: false },
      (incoming) => {
        const chunks: Uint8Array[] = [];
        incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const fields = Object.entries(incoming.headers).map(
            ([name, value]) => [name, String(value)] as const,
          );
          const status = incoming.statusCode ?? 0;
          resolve({
            status,
            headers: Object.fromEntries(fields),
            body: Uint8Array.from(Buffer.concat(chunks)),
          });
        });
      },
    );
    outgoing.on('error', reject);
    write(outgoing, body, 0, onSent);
  });
}

function write(
  outgoing: http.ClientRequest,
  body: Uint8Array,
  from: number,
  onSent?: (bytes: number) => void,
): void {
  if (from >= body.length) {
    outgoing.end();
    return;
  }
  const to = Math.min(from + CHUNK_BYTES, body.length);
  outgoing.write(body.subarray(from, to), () => {
    onSent?.(to);
    write(outgoing, body, to, onSent);
  });
}
