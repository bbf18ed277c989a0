import type { TokenHolder } from '../../openapi/shared-token';
import type { Send } from '../../openapi/http-client';
import { OpenApiError } from '../../openapi/open-api-error';
import { readJson } from '../../openapi/read-json';
import { createPlatformSend, createTokens } from '../shared/https-market';
import type { Secrets } from '../shared/secrets';

/** How the app proves itself to the platform. No error of it holds a secret. */
export interface PlatformAccount {
  tokens: TokenHolder;
  /** @returns the user of a login code; undefined for a code that is refused. @throws where it cannot be checked */
  getOpenid(code: string): Promise<string | undefined>;
}

/** `vk.openapi.weixin.auth` of vk-unicloud. */
interface FrameworkAuth {
  getAccessToken(options: { cache: boolean }): Promise<string | { access_token: string }>;
  code2Session(options: { js_code: string }): Promise<unknown>;
}

/** An instance of vk-unicloud. */
export interface Framework {
  openapi: { weixin: { auth: FrameworkAuth } };
}

/** The platform's codes for a login code that is invalid, used, or of a user who is blocked. */
const REFUSED: unknown[] = [40029, 40163, 40226];
const SESSION_CALL = 'auth.code2Session';

/**
 * By vk-unicloud, which has a secret and shares its tokens with the rest of the project, else by a secret of its own.
 *
 * @param baseUrl - of the platform's server, for tests
 * @returns undefined where there is no secret
 */
export function findAccount(
  { appid, secret }: Secrets,
  framework: Framework | undefined,
  baseUrl: string | undefined,
): PlatformAccount | undefined {
  if (framework) return accountOfFramework(framework.openapi.weixin.auth);
  if (!appid || !secret) return undefined;
  return accountBySecret({ appid, secret }, createPlatformSend(baseUrl), baseUrl);
}

function accountBySecret(
  account: { appid: string; secret: string },
  send: Send,
  baseUrl: string | undefined,
): PlatformAccount {
  return {
    tokens: createTokens(account, baseUrl),

    async getOpenid(code) {
      const query = { ...account, js_code: code, grant_type: 'authorization_code' };
      const answer = await send(SESSION_CALL, { method: 'GET', path: '/sns/jscode2session', query });
      try {
        return openidOf(readJson(SESSION_CALL, answer));
      } catch (error) {
        if (error instanceof OpenApiError && error.errcode !== undefined) return openidOf(error);
        throw error;
      }
    },
  };
}

function accountOfFramework(auth: FrameworkAuth): PlatformAccount {
  const tokenOf = async (cache: boolean): Promise<{ value: string; expiresAt: number }> => {
    try {
      const token = await auth.getAccessToken({ cache });
      const value = typeof token === 'string' ? token : token.access_token;
      // The framework keeps it as long as it is good.
      return { value, expiresAt: 0 };
    } catch {
      // Its error is not passed on: nobody knows what it holds.
      throw new OpenApiError('auth.getAccessToken', 'vk-unicloud gave no token.', { billing: 'none' });
    }
  };
  return {
    tokens: {
      get: () => tokenOf(true),
      async renew(refused, mayForce = true) {
        const token = await tokenOf(true);
        // Somebody may have replaced it already.
        return token.value === refused && mayForce ? tokenOf(false) : token;
      },
    },

    async getOpenid(code) {
      let session: unknown;
      try {
        session = await auth.code2Session({ js_code: code });
      } catch (error) {
        // Its text is not passed on, as above.
        const { errcode, code: other } = Object(error) as Record<string, unknown>;
        session = { errcode, code: other };
      }
      return openidOf(Object(session));
    },
  };
}

function openidOf(session: { openid?: unknown; errcode?: unknown; code?: unknown }): string | undefined {
  const { openid, errcode, code } = session;
  if (typeof openid === 'string' && openid) return openid;
  if (REFUSED.includes(errcode || code)) return undefined;
  throw new OpenApiError(SESSION_CALL, `${String(errcode || code)}`, { billing: 'none' });
}
