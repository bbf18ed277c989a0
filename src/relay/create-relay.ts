import type { FastifyInstance } from 'fastify';
import { addressOf } from './address';
import { type Apps, manyApps, oneApp, ownerOf } from './apps/apps';
import { openApp, type Relay } from './apps/open-app';
import { CleanupStack } from './cleanup-stack';
import type { RelayContext } from './context';
import { createServer } from './create-server';
import { openFileSecret } from './files/file-id';
import { startSweeping } from './files/sweeper';
import { ClientAddresses } from './http/client-address';
import { addHooks } from './http/hooks/add-hooks';
import { limitBufferedBodies } from './http/hooks/limits';
import { allowOrigins } from './http/hooks/origins';
import { addHealthRoutes } from './http/routes/health';
import { addInvokeRoute } from './http/routes/invoke';
import { addMetrics } from './http/routes/metrics';
import { addReceiveFileRoute, addServeFileRoute } from './http/routes/files';
import { addPushRoutes, type ComponentPushes } from './http/routes/push';
import { addRetrieveRoute } from './http/routes/retrieve';
import { addSessionRoute } from './http/routes/session';
import { digest } from '../invocation';
import { createPushReader } from '../openapi';
import { loadServer } from './load-server';
import { ComponentReceiver } from './push/component-receiver';
import { PushDelivery } from './push/push-delivery';
import type { ManyAppsOptions, RelayOptions, Settings } from './options';
import { resolveOptions } from './options';
import { RelayMetrics } from './owners/metrics';
import { errorText } from '../texts';
import type { StoreLog } from './stores/log';
import { MemoryCounters } from './stores/memory';
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
export async function createRelay(options: RelayOptions | ManyAppsOptions): Promise<FastifyInstance> {
  const closing = new CleanupStack();
  for (const close of closersOf(options)) closing.add(close);
  try {
    return await build(options, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

/** What ends the stores that the options bring; those of one of many apps end with the app. */
function closersOf({ apps, stores }: RelayOptions | ManyAppsOptions): (() => Promise<void>)[] {
  const { files } = stores ?? {};
  const other = apps ? stores : stores?.outcomes;
  return [async () => files?.close(), async () => other?.close?.()];
}

async function build(
  options: RelayOptions | ManyAppsOptions,
  closing: CleanupStack,
): Promise<FastifyInstance> {
  const settings = resolveOptions(options);
  const parts = await loadServer();
  const server = createServer(parts, settings);
  settings.stores?.logTo?.(storeLogOf(server));
  const stores = await openStores(settings, closing, storeLogOf(server));
  // Kept, because a server that is closing has no address any more while it finishes its requests.
  let address = '';
  server.addHook('onListen', async () => {
    address = addressOf(server);
  });
  const folderSecret = await openFileSecret(stores.folder, storeLogOf(server));
  const metrics = await openMetrics(settings, stores.folder, closing);
  const { sessions, files } = stores;
  const relay: Relay = {
    log: server.log,
    sessions,
    storeLog: storeLogOf(server),
    closing,
    now: settings.now,
    fileSecret: settings.fileSecret ?? folderSecret,
    userSecret: digest(`users: ${folderSecret.toString('hex')}`),
    metrics,
    componentCounters: settings.stores?.counters ?? new MemoryCounters(settings.now),
    publicUrl: () => settings.publicUrl ?? address,
  };
  const apps = await openApps(settings, stores, relay);
  const clients = new ClientAddresses(settings.trustProxy, (message) => server.log.warn(message));
  const context: RelayContext = {
    settings,
    apps,
    sessions,
    files,
    clients,
    bufferedBodies: limitBufferedBodies(settings, clients),
  };
  // Hooks of onClose run last to first: pushes and calls end, sweeping ends, then the stores.
  server.addHook('onClose', () => closing.run());
  startSweeping(server, context);
  server.addHook(
    'onClose',
    async () => void (await Promise.all(apps.all.map(({ invoker }) => invoker.drain()))),
  );
  server.addHook(
    'onClose',
    async () => void (await Promise.all(apps.all.map(({ pushes }) => pushes?.receiver.close()))),
  );
  const component = await openComponent(settings, stores, relay);
  server.addHook('onClose', async () => component?.close());

  server.decorate(END_SESSIONS, async (userId: string, appid?: string) => {
    const app = apps.find(appid);
    if (!app) throw new TypeError(errorText('noSuchApp', { appid: appid ?? '' }));
    await sessions.revokeUser(ownerOf(app.settings, userId));
  });
  addHooks(server, context);
  if (metrics && settings.metrics) addMetrics(server, metrics, settings.metrics);
  await allowOrigins(server, parts, apps);
  addSessionRoute(server, context);
  addServeFileRoute(server, context);
  addHealthRoutes(server, context);
  addInvokeRoute(server, context);
  addRetrieveRoute(server, context);
  if (component || apps.all.some(({ pushes }) => pushes)) {
    await server.register(async (scope) => addPushRoutes(scope, apps, component));
  }
  await server.register(async (scope) => addReceiveFileRoute(scope, context, parts));
  return server;
}

function storeLogOf({ log }: FastifyInstance): StoreLog {
  return {
    error: (message, details = {}) => log.error(details, message),
    warn: (message, details = {}) => log.warn(details, message),
    info: (message, details = {}) => log.info(details, message),
  };
}

async function openComponent(
  { component, now }: Settings,
  stores: Stores,
  { storeLog: log, componentCounters: counters }: Relay,
): Promise<(ComponentPushes & { close(): Promise<void> }) | undefined> {
  if (!component) return undefined;
  const { client, push, onPush } = component;
  const pushes = { appid: client.appid, reader: createPushReader({ ...push, now }) };
  if (!onPush) return { ...pushes, receiver: client, close: async () => {} };
  const store = await stores.openComponentPushes();
  // No call is made as the third-party platform itself, so none of its events is a result.
  const outcomes = { hasOwner: async () => false };
  const delivery = PushDelivery.open({ store, onPush, outcomes, log, now });
  const receiver = new ComponentReceiver({ client, delivery, counters });
  return { ...pushes, receiver, close: () => receiver.close() };
}

async function openApps({ apps }: Settings, stores: Stores, relay: Relay): Promise<Apps> {
  const all = [];
  for (const settings of apps) all.push(await openApp(settings, await stores.openApp(settings), relay));
  return all[0].settings.scope === undefined ? oneApp(all[0]) : manyApps(all);
}

async function openMetrics(
  { metrics: options }: Settings,
  folder: string,
  closing: CleanupStack,
): Promise<RelayMetrics | undefined> {
  if (!options) return undefined;
  const metrics = await RelayMetrics.open(folder);
  closing.add(async () => metrics.close());
  return metrics;
}
