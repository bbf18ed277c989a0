import type { RelayReply } from '../protocol';
import type { Spending } from './budgets';

/** What became of an invocation. `unknown`: it was sent, and its answer is lost. */
export type Outcome = RelayReply | 'unknown';

/** An invocation that was claimed. Without an outcome it is under way, or its process was killed. */
export interface Claim {
  /** Of what was asked, so that the same id is not used for something else. */
  hash: string;
  outcome?: Outcome;
  /** `wait` ended at its deadline while the call was still under way. */
  isRunning?: boolean;
}

/** Whose claim it is, and of which call. */
export interface Claimant {
  userId: string;
  /** Keyed digest of the user, for records that must not name anybody. */
  user: string;
  /** `client_msg_id`. */
  id: string;
  service: string;
  api: string;
  /** File IDs that the call needs until it is over. */
  files?: readonly string[];
  /** What the call takes a unit of. */
  spendings?: readonly Spending[];
}

/**
 * Intents and outcomes, kept 24 hours. An intent is as good as written before
 * `claim` returns: whatever happens then, nobody claims the same key again.
 */
export interface Outcomes {
  /** @returns the claim of this key; undefined when nobody has claimed it */
  find(key: string): Promise<Claim | undefined>;
  /**
   * @param claimant - for stores that keep it beside the claim
   * @returns undefined when the key is the caller's now, else the claim that was there first. A unit of each of the
   *   claimant's spendings is taken in the same step as the key, and comes back by `release` alone
   * @throws RelayError 429 when one of them has no unit left; nothing is claimed or taken then
   */
  claim(key: string, hash: string, claimant: Claimant): Promise<Claim | undefined>;
  /** Stores the outcome of a claim. A later one replaces it; a claim that was released does not come back. */
  settle(key: string, outcome: Outcome): Promise<void>;
  /** Takes a claim back, because its call provably never left. */
  release(key: string): Promise<void>;
  /**
   * Waits for the outcome of a claim while another instance may be at work on it.
   *
   * @param deadline - Unix ms after which it returns the claim with `isRunning`. @default as long as it takes
   * @returns the claim as it then is; undefined when it was released
   */
  wait(key: string, deadline?: number): Promise<Claim | undefined>;
  /** Notes whose a request id is; kept as long as the outcome. */
  setOwner(requestId: string, userId: string): Promise<void>;
  /** Whether the request id was given to this user. */
  isOwner(requestId: string, userId: string): Promise<boolean>;
  /** Whether the request id was given to anybody here. */
  hasOwner(requestId: string): Promise<boolean>;
  /**
   * Stores the result of a long task that the platform has pushed: as long as outcomes where its task has an owner; else
   * for a minute, in which it may still get one. Of several the first is kept.
   *
   * @returns whether it has an owner
   */
  storeResult(requestId: string, result: RelayReply): Promise<boolean>;
  /** @returns the result that was pushed, if there is one */
  findResult(requestId: string): Promise<RelayReply | undefined>;
  /** Throws when the store cannot be used; for health checks. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Seconds that outcomes are kept: as long as the platform keeps results (protocol 11). */
export const OUTCOME_TTL_S = 86_400;

/** Seconds that a pushed result is kept which belongs to nobody yet: its call's answer is under way. */
export const ORPHAN_TTL_S = 60;
