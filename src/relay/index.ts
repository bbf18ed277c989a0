export { createRelay } from './create-relay';
export { startRelay, type ListenOptions, type RunningRelay } from './start-relay';
export type { AppOptions, Authenticate, Identity, OneOfApps, SharedAppOptions } from './apps/app-options';
export type {
  ComponentOfRelay,
  LogOptions,
  ManyAppsOptions,
  MetricsOptions,
  RelayOptions,
  ServerOptions,
  SharedStores,
  Timeouts,
} from './options';
export { RelayError } from '../invocation';
export type { Budgets, Claim, Counters, Outcome, Outcomes, Services, UserLimits } from '../invocation';
export type { AboutPush, OnPush } from './push/push-delivery';
export { createWebHook, type WebHookOptions } from './push/web-hook';
export type { PushStore, WaitingPush } from './push/push-store';
export type { Signals } from './stores/signals';
export type { AppStores, RelayOutcomes, Sessions } from './stores/stores';
export type { FileStore, StoredFile } from './files/file-store';
export { authenticateByType } from './auth/by-type';
export { isJwtFor, jwtAuthenticator, type JwtOptions } from './auth/jwt';
export { wxCodeAuthenticator } from './auth/wx-code';
export { loadRelayConfig, type ConfigOverrides } from './config/load-config';
export { openRecords, type OwnerRecords } from './config/open-records';
export { openDenials, type OwnerDenials } from './config/open-denials';
export type { Denial, DenialStore } from './owners/deny-list';
export type { CallFilter, CallRecord, CallResult, UsageRow } from './owners/records';
export { sumUsage } from './owners/usage-sums';
export type { RelayConfig, S3Config } from './config/config-types';
export { openRedisStores, type RedisStoreOptions, type RedisStores } from './stores/redis/open-redis-stores';
export { FolderComponentStore } from './stores/folder/component';
export { S3FileStore, type S3StoreOptions } from './files/s3-store';
