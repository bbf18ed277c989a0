import type { TokenHolder } from './shared-token';
import { OpenApiError } from './open-api-error';
import { INVALID_TOKEN } from './read-json';

/**
 * Sends a request with an access token. Only where its token was refused, so that nothing was done, it is sent again
 * with a fresh one, once.
 *
 * @param send - sends it once with this token
 * @throws OpenApiError
 */
export async function withToken<T>(holder: TokenHolder, send: (token: string) => Promise<T>): Promise<T> {
  const token = await holder.get();
  try {
    return await send(token.value);
  } catch (error) {
    if (!isTokenRefusal(error)) throw error;
    const fresh = await holder.renew(token.value);
    if (fresh.value === token.value) throw error;
    return send(fresh.value);
  }
}

function isTokenRefusal(error: unknown): boolean {
  return error instanceof OpenApiError && INVALID_TOKEN.has(error.errcode) && error.billing === 'none';
}
