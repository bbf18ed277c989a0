import type { Credential } from '../../protocol';
import type { Authenticate } from '../apps/app-options';

/**
 * Sends each type of credential to its own check and refuses all others. User ids get the type as prefix, so
 * that users of two kinds never meet.
 *
 * @example
 * authenticateByType({ wx: wxCodeAuthenticator({ openApi }), jwt: jwtAuthenticator({ secret }) })
 */
export function authenticateByType(checks: Readonly<Record<string, Authenticate>>): Authenticate {
  return async (credential: Credential) => {
    if (!Object.hasOwn(checks, credential.type)) return undefined;
    const identity = await checks[credential.type](credential);
    if (!identity) return undefined;
    const { userId, expiresAt } = typeof identity === 'string' ? { userId: identity } : identity;
    return { userId: `${credential.type}:${userId}`, expiresAt };
  };
}
