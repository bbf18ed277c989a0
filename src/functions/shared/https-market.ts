import { createMarket } from '../../openapi/market';
import { AccessTokens, type Account } from '../../openapi/access-tokens';
import { createSend, type Send } from '../../openapi/http-client';
import { createSecuredSend } from '../../openapi/security/secured-send';
import { createServiceMarket } from '../../openapi/service-market';
import type { TokenHolder } from '../../openapi/shared-token';
import { MemoryTokenStore } from '../../openapi/token-store';
import type { Market } from '../../invocation';
import type { Security } from './security';

/** A call with its tokens ends within the 60 s that the function may run. */
const CALL_TIMEOUT_MS = 45_000;
const TOKEN_TIMEOUT_MS = 5000;
const PLATFORM = 'https://api.weixin.qq.com';

/**
 * @param baseUrl - of the platform's server, for tests. @default 'https://api.weixin.qq.com'
 * @returns a function that sends one request to the platform's server
 */
export function createPlatformSend(baseUrl = PLATFORM, timeout = CALL_TIMEOUT_MS): Send {
  return createSend(baseUrl, timeout, { keepAlive: false });
}

/** Tokens of an app by its secret. */
export function createTokens(account: Account, baseUrl?: string): TokenHolder {
  const send = createPlatformSend(baseUrl, TOKEN_TIMEOUT_MS);
  return new AccessTokens(account, send, new MemoryTokenStore(), 'stable', Date.now);
}

/** The service market by HTTPS. @param security - of calls that are encrypted. @default they go in plain */
export function createHttpsMarket(tokens: TokenHolder, baseUrl = PLATFORM, security?: Security): Market {
  const plainSend = createPlatformSend(baseUrl);
  const send = security ? createSecuredSend(plainSend, { ...security, baseUrl, now: Date.now }) : plainSend;
  return createMarket(createServiceMarket(send, tokens));
}
