import { createHmac, randomBytes } from 'node:crypto';

/** A new unguessable token: 32 random bytes as 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * A secret of the relay as one app has it.
 *
 * @param scope - the appid where the relay has several apps: each then has another secret
 */
export function secretOfApp(secret: string | Buffer, scope: string | undefined): string | Buffer {
  return scope === undefined ? secret : createHmac('sha256', secret).update(scope).digest();
}
