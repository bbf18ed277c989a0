import type { FastifyInstance } from 'fastify';

/** `http://127.0.0.1:8080`: where a listening server is reached from this machine. */
export function addressOf(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('Failed to make a URL: the relay does not listen on a port. Set publicUrl.');
  }
  const scheme = app.initialConfig.https ? 'https' : 'http';
  const any = address.address === '0.0.0.0' || address.address === '::';
  const host = any ? '127.0.0.1' : address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${scheme}://${host}:${address.port}`;
}
