import { setTimeout as sleep } from 'node:timers/promises';
import {
  budgetSpent,
  type Claim,
  type Claimant,
  digest,
  ORPHAN_TTL_S,
  type Spending,
  type Outcome,
  OUTCOME_TTL_S,
  Retries,
} from '../../../invocation';
import { type CallResult, describeOutcome, resultOf } from '../../owners/records';
import type { RelayReply } from '../../../protocol';
import { newToken } from '../../secrets';
import type { DeferredLog, StoreLog } from '../log';
import { type FittedOutcome, fitOutcome, MAX_OUTCOME_BYTES } from '../outcome-size';
import type { RelayOutcomes } from '../stores';
import { warnOfBudget } from '../budget-warning';
import type { RedisClient } from './client';
import { RecentOutcomes } from './recent-outcomes';
import {
  CLAIM,
  FIND,
  HEARTBEAT,
  PROBE,
  RELEASE,
  REPLACE,
  SET_OWNER,
  SETTLE,
  STORE_RESULT,
  type Rewrite,
} from './scripts';
import { HEARTBEAT_MS, type RedisWatch } from './watch';

const OUTCOME_TTL_MS = OUTCOME_TTL_S * 1000;
/** Ms without a heartbeat after which the instance of a claim counts as killed. */
export const CLAIM_EXPIRY_MS = 4 * HEARTBEAT_MS;
/** What the keys of the days' sums begin with. */
export const SUMS = 'sums:';
/** What the keys of the windows of budgets begin with. */
const BUDGETS = 'budget:';
/** Ms between two looks at a claim of another instance. */
const WAIT_PAUSE_MS = 100;

/** A claim of this instance. */
interface HeldClaim {
  hash: string;
  claimant: Claimant;
  /** When it was claimed, by the server's clock. */
  at: number;
  /** The windows of budgets that it took a unit of. */
  windows: string;
  /** Tells this claim from one of another instance under the same key. */
  mark: string;
  /** Its call has ended: no heartbeats, but its outcome may not be stored yet. */
  hasEnded?: boolean;
  /** Another instance's claim was found in its place, and that was logged. */
  isDisputed?: boolean;
}

/**
 * Intents and outcomes that every instance knows.
 *
 * A server may lose the newest writes, when a replica that lagged takes over. So an instance writes its own claims
 * again where they are gone: running ones with each heartbeat, settled ones after a change of master. New claims wait
 * meanwhile (watch.ts), so that no other instance claims the id of a call that was sent.
 */
export class RedisOutcomes implements RelayOutcomes {
  /** Claims of this instance whose outcomes are not stored, by their keys. */
  readonly #held = new Map<string, HeldClaim>();
  readonly #recent = new RecentOutcomes<HeldClaim>();
  readonly #retries = new Retries(() => {});
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly redis: RedisClient,
    private readonly watch: RedisWatch,
    private readonly log: DeferredLog,
    private readonly sumsTtlMs: number,
    /** Ends what it stands on, where it is its own. */
    private readonly onClose = async (): Promise<void> => {},
  ) {
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    watch.onMasterChange(() => {
      this.#beat();
      for (const [key, { claim, outcome }] of this.#recent.entries()) {
        const fitted = { outcome, json: JSON.stringify(outcome) };
        void this.#store(key, claim, fitted, 'again').catch(() => {});
      }
    });
  }

  logTo(log: StoreLog): void {
    this.log.attach(log);
  }

  async find(key: string): Promise<Claim | undefined> {
    return (await this.#look(key))?.claim;
  }

  async claim(key: string, hash: string, claimant: Claimant): Promise<Claim | undefined> {
    await this.watch.allowClaim();
    const mark = newToken();
    const { connection } = this.watch;
    const { spendings = [] } = claimant;
    let reply: ClaimReply;
    try {
      const args = [...this.#claimArgs(key, { hash, mark, claimant }), JSON.stringify(spendings.map(toArgs))];
      reply = (await this.redis.eval(CLAIM, 3, ...args)) as ClaimReply;
    } catch (error) {
      // The claim may have been written, or still be; the call is not sent, so its id must not stay used.
      this.#remove(key, mark).catch(() => {});
      throw error;
    }
    if (reply[0] === 'spent') throw budgetSpent(spendings[reply[1] - 1], reply[2]);
    if (reply[0] === 'other') return toClaim([reply[1], reply[2]]);
    if (connection !== this.watch.connection) {
      // The client library sent it again over a new connection, perhaps to a new master, without waiting as it must.
      await this.#remove(key, mark);
      return this.claim(key, hash, claimant);
    }
    const [, at, windows, ...used] = reply;
    this.#held.set(key, { hash, mark, claimant, at, windows });
    for (const [index, count] of used.entries()) warnOfBudget(this.log, spendings[index], count);
    return undefined;
  }

  async settle(key: string, whole: Outcome): Promise<void> {
    const fitted = fitOutcome(key, whole, MAX_OUTCOME_BYTES, this.log);
    const claim = this.#held.get(key) ?? this.#recent.get(key);
    // Without a claim of its own this instance sent another's call again, as `upstreamIdempotent` allows.
    if (!claim) return this.#replace(key, fitted);
    // Without heartbeats other instances answer "unknown" until the outcome is stored.
    claim.hasEnded = true;
    await this.#store(key, claim, fitted, 'first');
    this.#held.delete(key);
    this.#recent.set(key, claim, fitted.outcome, fitted.json.length);
  }

  async release(key: string): Promise<void> {
    const claim = this.#held.get(key);
    this.#held.delete(key);
    if (claim) await this.#remove(key, claim.mark);
  }

  async wait(key: string, deadline = Infinity): Promise<Claim | undefined> {
    for (;;) {
      const found = await this.#look(key);
      if (!found || found.claim.outcome || found.ageMs > CLAIM_EXPIRY_MS) return found?.claim;
      if (Date.now() >= deadline) return { ...found.claim, isRunning: true };
      await sleep(WAIT_PAUSE_MS);
    }
  }

  async setOwner(requestId: string, userId: string): Promise<void> {
    const [task, result] = taskKeys(requestId);
    await this.redis.eval(SET_OWNER, 2, task, result, digest(userId), OUTCOME_TTL_MS);
  }

  async isOwner(requestId: string, userId: string): Promise<boolean> {
    return (await this.redis.get(taskKeys(requestId)[0])) === digest(userId);
  }

  async hasOwner(requestId: string): Promise<boolean> {
    return (await this.redis.get(taskKeys(requestId)[0])) !== null;
  }

  async storeResult(requestId: string, result: RelayReply): Promise<boolean> {
    const [task, key] = taskKeys(requestId);
    const ttls = [OUTCOME_TTL_MS, ORPHAN_TTL_S * 1000];
    return (await this.redis.eval(STORE_RESULT, 2, task, key, JSON.stringify(result), ...ttls)) === 1;
  }

  async findResult(requestId: string): Promise<RelayReply | undefined> {
    const text = await this.redis.get(taskKeys(requestId)[1]);
    return text === null ? undefined : (JSON.parse(text) as RelayReply);
  }

  /** Writes by a script, as claims do, so that a full server, a replica and a forbidden EVAL all show. */
  async check(): Promise<void> {
    this.watch.requireSafe();
    await this.redis.eval(PROBE, 1, 'probe', Date.now());
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#retries.end();
    await this.onClose();
  }

  async #look(key: string): Promise<{ claim: Claim; ageMs: number } | undefined> {
    const reply = (await this.redis.eval(FIND, 1, claimKey(key))) as [string, string | null, number] | null;
    return reply ? { claim: toClaim(reply), ageMs: reply[2] } : undefined;
  }

  async #replace(key: string, { outcome, json }: FittedOutcome): Promise<void> {
    const [result, description] = recordArgs(outcome);
    await this.redis.eval(REPLACE, 2, claimKey(key), SUMS, json, result, this.sumsTtlMs, description);
  }

  #claimArgs(
    key: string,
    { hash, mark, claimant }: Pick<HeldClaim, 'hash' | 'mark' | 'claimant'>,
  ): (string | number)[] {
    const { user, service, api, id } = claimant;
    return [claimKey(key), SUMS, BUDGETS, hash, mark, this.sumsTtlMs, OUTCOME_TTL_MS, user, service, api, id];
  }

  async #remove(key: string, mark: string): Promise<void> {
    const work = (): Promise<unknown> =>
      this.redis.eval(RELEASE, 3, claimKey(key), SUMS, BUDGETS, '', mark, this.sumsTtlMs);
    try {
      await work();
    } catch (error) {
      void this.#retries.add('the end of a claim', error, work);
      throw error;
    }
  }

  async #store(
    key: string,
    claim: HeldClaim,
    { outcome, json }: FittedOutcome,
    time: 'first' | 'again',
  ): Promise<void> {
    const args = [
      ...this.#claimArgs(key, claim),
      claim.at,
      claim.windows,
      json,
      ...recordArgs(outcome),
      time,
    ];
    const reply = await this.redis.eval(SETTLE, 3, ...args);
    this.#report(key, claim, outcome, reply);
  }

  /** A heartbeat that fails makes the claim expire: its repeats are answered "unknown", and never sent. */
  #beat(): void {
    for (const [key, claim] of this.#held) {
      if (claim.hasEnded) continue;
      this.redis
        .eval(HEARTBEAT, 3, ...this.#claimArgs(key, claim), claim.at, claim.windows)
        .then((reply) => this.#report(key, claim, undefined, reply))
        .catch(() => {});
    }
  }

  /** Logs what a rewrite met: a claim that was gone, or another instance's in its place. */
  #report(key: string, claim: HeldClaim, outcome: Outcome | undefined, reply: unknown): void {
    const [result, other] = reply as [Rewrite, string | null];
    if (result === 'mine') return;
    if (result === 'restored') {
      this.log.error('Redis lost a claim of this relay; it was written again', {
        call: key,
        outcome: summaryOf(outcome),
      });
      return;
    }
    if (claim.isDisputed && other === null) return;
    claim.isDisputed = true;
    this.log.error(
      'Redis lost a claim, and another instance claimed the call meanwhile: it may be billed twice',
      {
        call: key,
        outcome: summaryOf(outcome),
        kept: summaryOf(other === null ? undefined : (JSON.parse(other) as Outcome)),
      },
    );
  }
}

/** What records tell of an outcome. */
function recordArgs(outcome: Outcome): [result: CallResult, description: string] {
  return [resultOf(outcome), JSON.stringify(describeOutcome(outcome))];
}

/** Of the owner of a long task, and of its result. */
function taskKeys(requestId: string): [task: string, result: string] {
  const id = digest(requestId);
  return [`task:${id}`, `result:${id}`];
}

type ClaimReply =
  | ['mine', at: number, windows: string, ...used: number[]]
  | ['spent', number: number, waitMs: number]
  | ['other', hash: string, outcome: string | null];

/** Name, maximum and ms of the window, for CLAIM. */
function toArgs({ name, pair, user = '', max, windowMs }: Spending): [string, number, number] {
  return [digest(`${name} ${user} ${pair}`), max, windowMs];
}

function claimKey(key: string): string {
  return `call:${key}`;
}

function toClaim([hash, outcome]: readonly [string, string | null, ...unknown[]]): Claim {
  return outcome === null ? { hash } : { hash, outcome: JSON.parse(outcome) as Outcome };
}

/** What the log may hold of an outcome: nothing that a user sent or got. */
function summaryOf(outcome: Outcome | undefined): object | string {
  if (outcome === undefined) return 'none yet';
  return outcome === 'unknown' ? outcome : { errcode: outcome.errcode, request_id: outcome.request_id };
}
