import { digest } from '../../invocation';
import { newToken } from '../secrets';
import { ExpiringMap } from './expiring-map';

/** Who is behind a token. */
export interface Sessions {
  /**
   * @param ttl - seconds
   * @returns the new token; only its digest is kept
   */
  create(userId: string, ttl: number): Promise<string>;
  /** @returns the user, or undefined for a token that is unknown, expired or revoked */
  find(token: string): Promise<string | undefined>;
  revoke(token: string): Promise<void>;
}

/** Sessions of one process. A restart ends them; clients then sign in again by themselves. */
export class MemorySessions implements Sessions {
  private readonly users: ExpiringMap<string>;

  constructor(now: () => number) {
    this.users = new ExpiringMap(now);
  }

  async create(userId: string, ttl: number): Promise<string> {
    const token = newToken();
    this.users.set(digest(token), userId, ttl * 1000);
    return token;
  }

  async find(token: string): Promise<string | undefined> {
    return this.users.get(digest(token));
  }

  async revoke(token: string): Promise<void> {
    this.users.delete(digest(token));
  }
}
