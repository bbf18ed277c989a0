import type { Counters, Outcomes } from '../../invocation';
import type { AppSettings } from '../apps/app-options';
import type { FileStore } from '../files/file-store';
import type { DenialStore } from '../owners/deny-list';
import type { PushStore } from '../push/push-store';
import type { StoreLog } from './log';
import type { Signals } from './signals';

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
  /** Ends all sessions of a user. One that is opened meanwhile may stay. */
  revokeUser(userId: string): Promise<void>;
}

/** Outcomes that may report what happens to their store. */
export interface RelayOutcomes extends Outcomes {
  /** Called once with the relay's log. */
  logTo?(log: StoreLog): void;
}

/** What the relay remembers of one app, apart from every other. */
export interface AppStores {
  counters: Counters;
  outcomes: RelayOutcomes;
  signals: Signals;
  denials: DenialStore;
  pushes: PushStore;
}

/** Everything that the relay remembers. */
export interface Stores {
  /** Of all apps. */
  sessions: Sessions;
  files: FileStore;
  /** Where this instance keeps what it does not share. */
  folder: string;
  /** To be called once for each app. */
  openApp(app: AppSettings): Promise<AppStores>;
  /** Events of a third-party platform that wait for its owner's hook. */
  openComponentPushes(): Promise<PushStore>;
}
