import type { FastifyBaseLogger } from 'fastify';
import { type CallEnd, type Counters, Invoker, Limiter, type Market } from '../../invocation';
import { createPushReader, type OpenApi } from '../../openapi';
import { createMarket } from '../../openapi/market';
import { onTokenFetch } from '../../openapi/open-api';
import type { CleanupStack } from '../cleanup-stack';
import { FileIds } from '../files/file-id';
import { auditTo } from '../owners/audit';
import { DenyList } from '../owners/deny-list';
import type { AppMetrics } from '../owners/app-metrics';
import type { RelayMetrics } from '../owners/metrics';
import { userDigester } from '../owners/user-digest';
import { HeldQuestions } from '../push/held-questions';
import { PushDelivery } from '../push/push-delivery';
import { PushReceiver } from '../push/push-receiver';
import { secretOfApp } from '../secrets';
import type { StoreLog } from '../stores/log';
import type { AppStores, Sessions } from '../stores/stores';
import type { AppSettings } from './app-options';
import { ownerOf } from './apps';
import type { RelayApp } from './relay-app';

/** What an app gets of its relay. */
export interface Relay {
  log: FastifyBaseLogger;
  storeLog: StoreLog;
  closing: CleanupStack;
  /** The clock, in ms. */
  now: () => number;
  sessions: Sessions;
  /** What proves that the relay made a file's id. */
  fileSecret: string | Buffer;
  /** What the digests of users are keyed with, where the app has no secret for that. */
  userSecret: string;
  metrics?: RelayMetrics;
  /** Of the third-party platform and all apps that have authorized it: which pushes were there. */
  componentCounters: Counters;
  publicUrl(): string;
}

/** Opens an app: what its sessions, calls, files and pushes stand on. */
export async function openApp(settings: AppSettings, stores: AppStores, relay: Relay): Promise<RelayApp> {
  const { scope, openApi, limits, push } = settings;
  const { storeLog, closing } = relay;
  const denied = await DenyList.open(stores.denials, storeLog, (userId) =>
    relay.sessions.revokeUser(ownerOf(settings, userId)),
  );
  closing.add(() => denied.close());
  const metrics = relay.metrics?.addApp(settings, () => app.invoker.waitingStores);
  if (metrics && openApi) {
    const stop = onTokenFetch(openApi, () => metrics.addToken());
    closing.add(async () => stop());
  }
  const market = metrics ? metrics.timed(marketOf(openApi)) : marketOf(openApi);
  const limiter = new Limiter(stores.counters, limits);
  const { outcomes } = stores;
  const app: RelayApp = {
    settings,
    limiter,
    denied,
    market,
    outcomes,
    metrics,
    invoker: makeInvoker(settings, { market, limiter, denied, outcomes, metrics }, relay),
    fileIds: new FileIds(secretOfApp(relay.fileSecret, scope), scope),
    filesUrl: () => `${relay.publicUrl()}/files/${scope === undefined ? '' : `${scope}/`}`,
  };
  if (!push) return app;
  const { onPush } = settings;
  const reader = createPushReader({ ...push, now: relay.now });
  const { now } = relay;
  const delivery =
    onPush && PushDelivery.open({ ...stores, store: stores.pushes, onPush, log: storeLog, now });
  // The key of a third-party platform is that of all its apps: only its nonce keeps a push from being another's too.
  const isShared = scope !== undefined && push.appid !== scope;
  const shared = isShared ? { nonces: relay.componentCounters, scope } : undefined;
  const receiver = new PushReceiver({ ...stores, delivery, log: storeLog, shared });
  return { ...app, pushes: { reader, receiver, held: await HeldQuestions.open(stores.signals) } };
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

type InvokerParts = Pick<RelayApp, 'market' | 'limiter' | 'denied' | 'outcomes'> & { metrics?: AppMetrics };

function makeInvoker(
  { scope, audit: isAudited, upstreamIdempotent, budgets, userSecret }: AppSettings,
  { market, limiter, denied, outcomes, metrics }: InvokerParts,
  { log, userSecret: relaySecret }: Relay,
): Invoker {
  const audit = isAudited ? auditTo(log, scope) : undefined;
  const onEnd = (end: CallEnd): void => {
    // First, because a log may fail.
    metrics?.addCall(end);
    audit?.(end);
  };
  return new Invoker({
    market,
    outcomes,
    limiter,
    upstreamIdempotent,
    digestUser: userDigester(secretOfApp(userSecret ?? relaySecret, scope)),
    budgets,
    requireAllowed: ({ service }) => denied.requireService(service),
    onEnd: audit || metrics ? onEnd : undefined,
    onError: (error, message) => log.error({ err: error }, message),
    onInfo: (message) => log.info(message),
  });
}
