import { createHash } from 'node:crypto';

/**
 * SHA-256 in hex. It is kept in place of a token or an id, so that whoever reads the store cannot use it. A lookup
 * by digest also reveals nothing by its timing.
 */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
