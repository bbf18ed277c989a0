import { randomBytes } from 'node:crypto';

/** A new unguessable token: 32 random bytes as 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
