import { createHmac } from 'node:crypto';

/** Hexadecimal digits that are kept: enough that no two users share them. */
const LENGTH = 32;

/**
 * Makes the digest by which logs and records know a user. Without the secret nobody can tell whose it is, also not by
 * trying the ids of all users.
 */
export function userDigester(secret: string | Buffer): (userId: string) => string {
  return (userId) => createHmac('sha256', secret).update(userId).digest('hex').slice(0, LENGTH);
}
