export type { Account, TokenMode } from './access-tokens';
export type { AppAccount } from './app-account';
export type { CallName, CallTypes } from './call-types';
export { type Component, type ComponentOptions, createComponent } from './component/component';
export { type ComponentStore, MemoryComponentStore, Turns } from './component/component-store';
export { VaultError } from './component/vault';
export { createOpenApi, type OpenApi, type OpenApiOptions } from './open-api';
export { OpenApiError } from './open-api-error';
export type { TokenHolder } from './shared-token';
export type { AccessToken, TokenStore } from './token-store';
export type { SecurityOptions } from './security/keys';
export type { SecurableCall } from './security/secured-calls';
export { createXmlPushReader as createPushReader } from './push/xml-push-reader';
export {
  isTaskResult,
  type Push,
  type PushMessage,
  type PushOptions,
  type PushQuery,
  type PushReader,
  PushRefusal,
  type TaskResultMessage,
} from './push/push-reader';
