import type { FastifyInstance } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digest } from '../../../invocation';
import type { MetricsOptions } from '../../options';
import type { RelayMetrics } from '../../owners/metrics';
import { noSuchPath, reasonOf } from '../hooks/errors';
import { findSession } from '../hooks/session';

const PATH = '/metrics';
/** A scraper needs one. */
const MAX_CONNECTIONS = 64;

/**
 * Counts what the relay answers, and serves `GET /metrics`. Whoever has no token learns not even that it is there.
 */
export function addMetrics(app: FastifyInstance, metrics: RelayMetrics, options: MetricsOptions): void {
  app.addHook('onResponse', async (request, { statusCode }) => {
    if (statusCode < 400) return;
    metrics.addRefusal(statusCode, reasonOf(request), findSession(request)?.app.metrics?.labels);
  });
  const { token, port } = options;
  const mayRead = token === undefined ? () => true : tokenChecker(token);
  if (port !== undefined) {
    serveApart(app, metrics, { ...options, port, mayRead });
    return;
  }
  const onRequest = async ({ headers }: { headers: IncomingHttpHeaders }): Promise<void> => {
    if (!mayRead(headers)) throw noSuchPath();
  };
  app.get(PATH, { onRequest }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.read()),
  );
}

/** On a port of its own, from before the relay listens until it is closed. */
function serveApart(
  app: FastifyInstance,
  metrics: RelayMetrics,
  {
    port,
    host = '127.0.0.1',
    mayRead,
  }: MetricsOptions & { port: number; mayRead: (headers: IncomingHttpHeaders) => boolean },
): void {
  const server = createServer(async ({ method, url, headers }, response) => {
    if (method !== 'GET' || url !== PATH || !mayRead(headers)) {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await metrics.read();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
    } catch (error) {
      app.log.error({ err: error }, 'failed to read the metrics');
      response.writeHead(500).end();
    }
  });
  server.maxConnections = MAX_CONNECTIONS;
  app.addHook('onReady', async () => {
    server.listen(port, host);
    await once(server, 'listening');
    // Without a listener a connection that cannot be accepted would end the process.
    server.on('error', (error) => app.log.warn({ err: error }, 'metrics cannot be served'));
    app.log.info({ port: (server.address() as AddressInfo).port, host }, 'metrics are served');
  });
  app.addHook('onClose', () => {
    server.close();
    server.closeAllConnections();
  });
}

function tokenChecker(token: string): (headers: IncomingHttpHeaders) => boolean {
  // Digests have one length, whatever is sent.
  const expected = Buffer.from(digest(`Bearer ${token}`));
  return ({ authorization = '' }) => timingSafeEqual(Buffer.from(digest(authorization)), expected);
}
