import { randomBytes } from 'node:crypto';
import { digest } from '../../invocation';
import type { SessionReply } from '../../protocol';
import type { Database } from '../shared/database';

const SESSIONS = 'servicemarket_sessions';
const TTL_S = 7200;

/** Who is behind a token. Only its digest is kept, so whoever reads the database cannot use it. */
export class DatabaseSessions {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async create(openid: string): Promise<SessionReply> {
    const token = randomBytes(32).toString('base64url');
    const until = Date.now() + TTL_S * 1000;
    await this.database.add(SESSIONS, { _id: digest(token), openid, until });
    return { token, expires_in: TTL_S };
  }

  /** @returns the user, or undefined for a token that is unknown, expired or revoked */
  async find(token: string): Promise<string | undefined> {
    const [session] = await this.database.list(SESSIONS, { _id: digest(token) }, 1);
    return session && (session.until as number) > Date.now() ? (session.openid as string) : undefined;
  }

  async revoke(token: string): Promise<void> {
    await this.database.remove(SESSIONS, { _id: digest(token) });
  }

  async sweep(): Promise<void> {
    await this.database.remove(SESSIONS, { until: this.database.command.lt(Date.now()) });
  }
}
