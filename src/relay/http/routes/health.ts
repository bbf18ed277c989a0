import type { FastifyInstance } from 'fastify';
import type { RelayContext } from '../../context';
import { type Outcomes, RelayError } from '../../../invocation';
import { refuseOtherMethods } from '../refuse-other-methods';

/**
 * `GET /healthz`: 200 while the process answers. `GET /readyz`: 200 when it can also do its work, else 503: each store
 * takes a write, and the disk has room. Strangers learn no more; the log names what fails.
 */
export function addHealthRoutes(app: FastifyInstance, { files }: RelayContext, outcomes: Outcomes): void {
  const check = shared(() =>
    Promise.all([named('files', files.check()), named('outcomes', outcomes.check())]),
  );
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    try {
      await check();
    } catch (cause) {
      throw new RelayError(503, 'Failed to reach a store. The log names it.', { cause, billing: 'none' });
    }
    return { status: 'ok' };
  });
  for (const path of ['/healthz', '/readyz']) refuseOtherMethods(app, path, ['GET']);
}

async function named<T>(store: string, check: Promise<T>): Promise<T> {
  return check.catch((cause: unknown) => {
    throw new Error(`Failed to use the store of ${store}: ${(cause as Error).message}`, { cause });
  });
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
