import { createHmac } from 'node:crypto';

/** Hexadecimal digits that are kept: enough that no two users share them. */
const LENGTH = 32;
/** Digests that are remembered: one user makes many calls. */
const MAX_REMEMBERED = 10_000;

/**
 * Makes the digest by which logs and records know a user. Without the secret nobody can tell whose it is, also not by
 * trying the ids of all users.
 */
export function userDigester(secret: string | Buffer): (userId: string) => string {
  const remembered = new Map<string, string>();
  return (userId) => {
    const known = remembered.get(userId);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const digest = createHmac('sha256', secret).update(userId).digest('hex').slice(0, LENGTH);
    remembered.set(userId, digest);
    return digest;
  };
}
