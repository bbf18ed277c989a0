import type { FastifyInstance } from 'fastify';
import type { RelayContext } from '../../context';
import { type Outcomes, RelayError } from '../../../invocation';
import { refuseOtherMethods } from '../refuse-other-methods';

/** `GET /healthz`: 200 when this instance can do its work, else 503. */
export function addHealthRoute(app: FastifyInstance, { files }: RelayContext, outcomes: Outcomes): void {
  const check = shared(() => Promise.all([files.check(), outcomes.check()]));
  app.get('/healthz', async () => {
    try {
      await check();
    } catch (cause) {
      throw new RelayError(503, 'Failed to reach a store. The log names it.', { cause });
    }
    return { status: 'ok' };
  });
  refuseOtherMethods(app, '/healthz', ['GET']);
}

const MAX_AGE_MS = 1000;

/** Anybody may ask, so all who ask while a check runs, and for a second after it has begun, get its result. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let latest: { result: Promise<T>; startedAt: number; isRunning: boolean } | undefined;
  return () => {
    if (latest && (latest.isRunning || performance.now() - latest.startedAt < MAX_AGE_MS))
      return latest.result;
    const run = { result: work(), startedAt: performance.now(), isRunning: true };
    const end = (): void => void (run.isRunning = false);
    run.result.then(end, end);
    latest = run;
    return run.result;
  };
}
