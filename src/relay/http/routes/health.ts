import type { FastifyInstance } from 'fastify';
import type { RelayContext } from '../../context';
import { type Outcomes, RelayError } from '../../../invocation';
import { refuseOtherMethods } from '../refuse-other-methods';

/** `GET /healthz`: 200 when this instance can do its work, else 503. */
export function addHealthRoute(app: FastifyInstance, { files }: RelayContext, outcomes: Outcomes): void {
  app.get('/healthz', async () => {
    try {
      await Promise.all([files.check(), outcomes.check()]);
    } catch (cause) {
      throw new RelayError(503, 'Failed to reach a store. The log names it.', { cause });
    }
    return { status: 'ok' };
  });
  refuseOtherMethods(app, '/healthz', ['GET']);
}
