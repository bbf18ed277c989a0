import type { Authenticate } from '../apps/app-options';
import { type OpenApi, OpenApiError } from '../../openapi';

/** The platform's words for a code that is invalid, used, or of a user who is blocked. */
const REFUSED = new Set([40029, 40163, 40226]);

/**
 * Checks a `wx.login` code with the platform; the user id is the openid. The platform accepts each code once,
 * so a replayed one is refused.
 */
export function wxCodeAuthenticator({ openApi }: { openApi: Pick<OpenApi, 'auth'> }): Authenticate {
  return async ({ value }) => {
    try {
      return (await openApi.auth.code2Session({ js_code: value })).openid;
    } catch (error) {
      if (error instanceof OpenApiError && REFUSED.has(error.errcode as number)) return undefined;
      throw error;
    }
  };
}
