import type { TokenHolder } from './access-tokens';
import { OpenApiError } from './open-api-error';
import { INVALID_TOKEN } from './read-json';

/** After the first only for a token that another holder has got, which ended the fresh one. */
const MAX_RENEWALS = 3;

/**
 * Sends a request with an access token. Only where its token was refused, so that nothing was done, it is sent again
 * with a fresh one.
 *
 * @param send - sends it once with this token
 * @throws OpenApiError
 */
export async function withToken<T>(holder: TokenHolder, send: (token: string) => Promise<T>): Promise<T> {
  let token = await holder.get();
  for (let renewals = 0; ; renewals++) {
    try {
      return await send(token.value);
    } catch (error) {
      if (!isTokenRefusal(error) || renewals === MAX_RENEWALS) throw error;
      const refused = token.value;
      token = await holder.renew(refused, renewals === 0);
      if (token.value === refused) throw error;
    }
  }
}

function isTokenRefusal(error: unknown): boolean {
  return error instanceof OpenApiError && INVALID_TOKEN.has(error.errcode);
}
