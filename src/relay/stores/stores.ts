import type { Counters, Outcomes } from '../../invocation';
import type { FileStore } from '../files/file-store';

/** Who is behind a session's token. */
export interface Sessions {
  /**
   * @param ttl - seconds
   * @returns the new token; only its digest is kept
   */
  create(userId: string, ttl: number): Promise<string>;
  /** @returns the user, or undefined for a token that is unknown, expired or revoked */
  find(token: string): Promise<string | undefined>;
  /** Ends a session. */
  revoke(token: string): Promise<void>;
}

/** Everything that the relay remembers. */
export interface Stores {
  sessions: Sessions;
  counters: Counters;
  outcomes: Outcomes;
  files: FileStore;
}
