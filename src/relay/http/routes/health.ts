import type { FastifyInstance } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayContext } from '../../context';
import { RelayError } from '../../../invocation';
import { refuseOtherMethods } from '../refuse-other-methods';

/** Ms that the result of a check is good for: of the stores, and of the platform, which permits few token requests. */
const STORES_AGE_MS = 1000;
const TOKEN_AGE_MS = 10_000;
/** Ms that a check waits for an answer. */
const MAX_CHECK_MS = 5000;

/**
 * `GET /healthz`: 200 while the process answers. `GET /readyz`: 200 when it can also do its work, else 503: each store
 * accepts a write, the disk has room, and where something can be called there is an access token. Strangers learn no
 * more; the log names what fails.
 */
export function addHealthRoutes(server: FastifyInstance, { files, apps: { all } }: RelayContext): void {
  const checkStores = shared(STORES_AGE_MS, async () => {
    await Promise.all([
      named('the store of files', files.check()),
      ...all.map(({ outcomes }) => named('the store of outcomes', outcomes.check())),
    ]);
  });
  const checkToken = shared(TOKEN_AGE_MS, async () => {
    const clients = all.flatMap(({ settings: { openApi, services } }) =>
      openApi && Object.keys(services).length > 0 ? [openApi] : [],
    );
    // Where there are several apps, one whose owner has changed its secret is no reason to stop all others.
    const checks = clients.map((openApi) => openApi.auth.getAccessToken());
    if (checks.length > 0) await named("the platform's access token", firstOf(checks));
  });
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async () => {
    try {
      await Promise.all([checkStores(), checkToken()]);
    } catch (cause) {
      const text = 'Failed to be ready: something that the relay needs cannot be used. The log names it.';
      throw new RelayError(503, text, { cause, billing: 'none' });
    }
    return { status: 'ok' };
  });
  for (const path of ['/healthz', '/readyz']) refuseOtherMethods(server, path, ['GET']);
}

/** @throws the first error where all of them fail */
async function firstOf(checks: readonly Promise<unknown>[]): Promise<unknown> {
  return Promise.any(checks).catch(({ errors }: AggregateError) => {
    throw errors[0];
  });
}

async function named(what: string, check: Promise<unknown>): Promise<void> {
  try {
    await check;
  } catch (cause) {
    throw new Error(`Failed to use ${what}: ${(cause as Error).message}`, { cause });
  }
}

/** Anybody may ask, so all who ask while a check runs, and for `maxAge` ms after it has begun, get its result. */
function shared(maxAge: number, work: () => Promise<void>): () => Promise<void> {
  let latest: { result: Promise<void>; startedAt: number; isRunning: boolean } | undefined;
  return () => {
    if (latest && (latest.isRunning || performance.now() - latest.startedAt < maxAge)) return latest.result;
    const running = work();
    const run = { result: withinTime(running), startedAt: performance.now(), isRunning: true };
    const end = (): void => void (run.isRunning = false);
    running.then(end, end);
    latest = run;
    return run.result;
  };
}

async function withinTime(work: Promise<void>): Promise<void> {
  const giveUp = new AbortController();
  const tooLate = sleep(MAX_CHECK_MS, undefined, { signal: giveUp.signal, ref: false }).then(() => {
    throw new Error(`Failed to be ready: a check took longer than ${MAX_CHECK_MS} ms.`);
  });
  // Aborted when the work has ended.
  tooLate.catch(() => {});
  try {
    await Promise.race([work, tooLate]);
  } finally {
    giveUp.abort();
  }
}
