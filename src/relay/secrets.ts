import { hash, randomBytes } from 'node:crypto';

/** A new unguessable token: 32 random bytes as 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is kept in place of a token or an id, so that whoever reads the store cannot use it. A lookup by
 * digest also gives nothing away by its timing.
 */
export function digest(secret: string): string {
  return hash('sha256', secret, 'hex');
}
