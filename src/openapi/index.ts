export type { Account, TokenMode } from './access-tokens';
export type { CallName, CallTypes } from './call-types';
export { createOpenApi, type OpenApi, type OpenApiOptions } from './open-api';
export { OpenApiError } from './open-api-error';
export type { AccessToken, TokenStore } from './token-store';
export type { SecurableCall, SecurityOptions } from './security/keys';
