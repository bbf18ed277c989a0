import type { FastifyInstance } from 'fastify';
import type { RelayContext } from '../context';
import { RelayError } from '../errors';
import { refuseMethod } from './bearer';

/** `GET /healthz`: 200 when this instance can do its work, else 503. */
export function addHealthRoute(app: FastifyInstance, { files }: RelayContext): void {
  app.get('/healthz', async () => {
    try {
      await files.check();
    } catch (cause) {
      throw new RelayError(503, 'Failed to use the file store.', { cause });
    }
    return { status: 'ok' };
  });
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/healthz',
    onRequest: refuseMethod('GET'),
    handler: () => {},
  });
}
