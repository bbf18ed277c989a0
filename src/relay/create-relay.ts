import type { FastifyInstance } from 'fastify';
import { addressOf } from './address';
import { CleanupStack } from './cleanup-stack';
import type { RelayContext } from './context';
import { createServer } from './create-server';
import { FileIds, openFileSecret } from './files/file-id';
import { startSweeping } from './files/sweeper';
import { ClientAddresses } from './http/client-address';
import { addHooks } from './http/hooks/add-hooks';
import { limitBufferedBodies } from './http/hooks/limits';
import { addHealthRoutes } from './http/routes/health';
import { addInvokeRoute } from './http/routes/invoke';
import { addMetrics } from './http/routes/metrics';
import { addReceiveFileRoute, addServeFileRoute } from './http/routes/files';
import { addPushRoutes } from './http/routes/push';
import { addRetrieveRoute } from './http/routes/retrieve';
import { addSessionRoute } from './http/routes/session';
import { type CallEnd, digest, Invoker, Limiter, type Market } from '../invocation';
import { createPushReader, type OpenApi } from '../openapi';
import { createMarket } from '../openapi/market';
import { onTokenFetch } from '../openapi/open-api';
import { loadServer } from './load-server';
import type { RelayOptions, Settings } from './options';
import { resolveOptions } from './options';
import { auditTo } from './owners/audit';
import { DenyList } from './owners/deny-list';
import { RelayMetrics } from './owners/metrics';
import { userDigester } from './owners/user-digest';
import { HeldQuestions } from './push/held-questions';
import { PushDelivery } from './push/push-delivery';
import { PushReceiver } from './push/push-receiver';
import type { StoreLog } from './stores/log';
import { openStores } from './stores/open-stores';
import type { Stores } from './stores/stores';

/** The decoration by which `startRelay` ends sessions. */
export const END_SESSIONS = 'relayEndSessions';

/**
 * Makes the relay without listening: a Fastify instance with every route. `close()` also ends its stores, and so
 * does a failure here.
 *
 * @throws TypeError for a wrong option; Error when a package that it needs is not installed, or the folder cannot be
 *   used or is another relay's
 * @example
 * const app = await createRelay({ authenticate: ({ value }) => users.get(value) });
 * await app.listen({ port: 8080 });
 */
export async function createRelay(options: RelayOptions): Promise<FastifyInstance> {
  const closing = new CleanupStack();
  for (const store of [options.stores?.files, options.stores?.outcomes]) {
    if (store) closing.add(() => store.close());
  }
  try {
    return await build(options, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function build(options: RelayOptions, closing: CleanupStack): Promise<FastifyInstance> {
  const settings = resolveOptions(options);
  const parts = await loadServer();
  const app = createServer(parts, settings);
  const stores = await openStores(settings, closing, storeLogOf(app));
  // Kept, because a server that is closing has no address any more while it finishes its requests.
  let address = '';
  app.addHook('onListen', async () => {
    address = addressOf(app);
  });
  const folderSecret = await openFileSecret(stores.folder);
  const clients = new ClientAddresses(settings.trustProxy, (message) => app.log.warn(message));
  const denied = await DenyList.open(stores.denials, storeLogOf(app), (userId) =>
    stores.sessions.revokeUser(userId),
  );
  closing.add(() => denied.close());
  const metrics = await openMetrics(settings, stores, closing);
  const context: RelayContext = {
    settings,
    sessions: stores.sessions,
    denied,
    limiter: new Limiter(stores.counters, settings.limits),
    files: stores.files,
    market: metrics ? metrics.timed(marketOf(settings.openApi)) : marketOf(settings.openApi),
    fileIds: new FileIds(settings.fileSecret ?? folderSecret),
    clients,
    bufferedBodies: limitBufferedBodies(settings, clients),
    publicUrl: () => settings.publicUrl ?? address,
  };
  const digestUser = userDigester(settings.userSecret ?? digest(`users: ${folderSecret.toString('hex')}`));
  const invoker = makeInvoker(app, context, stores, { digestUser, metrics });
  metrics?.watchWaiting(() => invoker.waitingStores);
  // Hooks of onClose run last to first: calls end, sweeping ends, then the stores.
  app.addHook('onClose', () => closing.run());
  startSweeping(app, context);
  app.addHook('onClose', () => invoker.drain());

  app.decorate(END_SESSIONS, (userId: string) => stores.sessions.revokeUser(userId));
  addHooks(app, context);
  if (metrics && settings.metrics) addMetrics(app, metrics, settings.metrics);
  await app.register(parts.cors, {
    origin: [...settings.allowedOrigins],
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'x-content-bytes'],
    maxAge: 600,
    // Its own refusal of an incomplete preflight would be text.
    strictPreflight: false,
  });
  addSessionRoute(app, context);
  addServeFileRoute(app, context);
  addHealthRoutes(app, context, stores.outcomes);
  addInvokeRoute(app, context, invoker);
  if (settings.push) await addPush(app, context, stores, settings.push);
  else addRetrieveRoute(app, context, stores.outcomes);
  await app.register(async (scope) => addReceiveFileRoute(scope, context, parts));
  return app;
}

async function openMetrics(
  { metrics: options, services, openApi }: Settings,
  { folder }: Stores,
  closing: CleanupStack,
): Promise<RelayMetrics | undefined> {
  if (!options) return undefined;
  const metrics = await RelayMetrics.open(services, folder);
  closing.add(async () => metrics.close());
  if (openApi) {
    const stop = onTokenFetch(openApi, () => metrics.addToken());
    closing.add(async () => stop());
  }
  return metrics;
}

/** The platform's pushes, and questions that wait for them. */
async function addPush(
  app: FastifyInstance,
  context: RelayContext,
  stores: Stores,
  push: NonNullable<Settings['push']>,
): Promise<void> {
  const { now, onPush } = context.settings;
  const reader = createPushReader({ ...push, now });
  const log = storeLogOf(app);
  const delivery = onPush && PushDelivery.open({ ...stores, store: stores.pushes, onPush, log, now });
  const receiver = new PushReceiver({ ...stores, delivery, log });
  app.addHook('onClose', () => receiver.close());
  addRetrieveRoute(app, context, stores.outcomes, await HeldQuestions.open(stores.signals));
  await app.register(async (scope) => addPushRoutes(scope, reader, receiver));
}

/** Without a client nothing is listed under `services`, so that nothing is called. */
function marketOf(openApi: OpenApi | undefined): Market {
  if (openApi) return createMarket(openApi.serviceMarket);
  const cause = new Error('Failed to call the platform: there is no client for it.');
  return {
    invoke: async () => ({ kind: 'unsent', cause }),
    retrieve: async () => ({ kind: 'unsent', cause }),
  };
}

function storeLogOf({ log }: FastifyInstance): StoreLog {
  return {
    error: (message, details = {}) => log.error(details, message),
    warn: (message, details = {}) => log.warn(details, message),
    info: (message, details = {}) => log.info(details, message),
  };
}

function makeInvoker(
  app: FastifyInstance,
  { settings, limiter, market, denied }: RelayContext,
  { outcomes }: Stores,
  { digestUser, metrics }: { digestUser: (userId: string) => string; metrics?: RelayMetrics },
): Invoker {
  const audit = settings.audit ? auditTo(app.log) : undefined;
  const onEnd = (end: CallEnd): void => {
    // First, because a log may fail.
    metrics?.addCall(end);
    audit?.(end);
  };
  return new Invoker({
    market,
    outcomes,
    limiter,
    upstreamIdempotent: settings.upstreamIdempotent,
    digestUser,
    budgets: settings.budgets,
    requireAllowed: ({ service }) => denied.requireService(service),
    onEnd: audit || metrics ? onEnd : undefined,
    onError: (error, message) => app.log.error({ err: error }, message),
    onInfo: (message) => app.log.info(message),
  });
}
