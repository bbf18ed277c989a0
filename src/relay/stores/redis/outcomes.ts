import { setTimeout as sleep } from 'node:timers/promises';
import { type Claim, digest, type Outcome, OUTCOME_TTL_S, type Outcomes, Retries } from '../../../invocation';
import { newToken } from '../../secrets';
import type { RedisClient } from './client';

const OUTCOME_TTL_MS = OUTCOME_TTL_S * 1000;
/** Ms without a heartbeat after which the instance of a claim counts as killed. */
export const CLAIM_EXPIRY_MS = 10_000;
const HEARTBEAT_MS = CLAIM_EXPIRY_MS / 4;
/** Ms between two looks at a claim of another instance. */
const WAIT_PAUSE_MS = 100;

/** A claim is a hash: h the call's hash, c the holder's mark, o the outcome, s the holder's last heartbeat (ms). */
const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/**
 * ARGV: hash, mark, ttl. Returns nil when the claim is the caller's, also when the same mark is there already: the
 * connection broke after the first try had been carried out, and the client library sent it again.
 */
const CLAIM = `${NOW}
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'h', ARGV[1], 'c', ARGV[2], 's', now)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return nil
end
local claim = redis.call('HMGET', KEYS[1], 'h', 'o', 'c')
if claim[3] == ARGV[2] then return nil end
return {claim[1], claim[2]}`;

/** ARGV: mark. Removes the claim only if it still has this mark: another may have come after it. */
const RELEASE = `if redis.call('HGET', KEYS[1], 'c') == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0`;

/** Returns hash, outcome and ms since the last heartbeat. */
const FIND = `${NOW}
local claim = redis.call('HMGET', KEYS[1], 'h', 'o', 's')
if not claim[1] then return nil end
return {claim[1], claim[2], now - tonumber(claim[3])}`;

/** ARGV: outcome. A claim that was released does not come back. */
const SETTLE = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'o', ARGV[1]) end return 0`;

const HEARTBEAT = `${NOW}
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 's', now) end
return 0`;

/** Intents and outcomes that every instance knows. */
export class RedisOutcomes implements Outcomes {
  /** Marks of this instance's claims that have no outcome yet, by their keys. */
  readonly #held = new Map<string, string>();
  readonly #retries = new Retries(() => {});
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly redis: RedisClient) {
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  async find(key: string): Promise<Claim | undefined> {
    return (await this.#look(key))?.claim;
  }

  async claim(key: string, hash: string): Promise<Claim | undefined> {
    const mark = newToken();
    let reply: unknown;
    try {
      reply = await this.redis.eval(CLAIM, 1, claimKey(key), hash, mark, OUTCOME_TTL_MS);
    } catch (error) {
      // The claim may have been written, or still be; the call is not sent, so its id must not stay used.
      this.#remove(key, mark).catch(() => {});
      throw error;
    }
    if (reply) return toClaim(reply as [string, string | null]);
    this.#held.set(key, mark);
    return undefined;
  }

  async settle(key: string, outcome: Outcome): Promise<void> {
    this.#held.delete(key);
    await this.redis.eval(SETTLE, 1, claimKey(key), JSON.stringify(outcome));
  }

  async release(key: string): Promise<void> {
    const mark = this.#held.get(key);
    this.#held.delete(key);
    if (mark) await this.#remove(key, mark);
  }

  async wait(key: string): Promise<Claim | undefined> {
    for (;;) {
      const found = await this.#look(key);
      if (!found || found.claim.outcome || found.ageMs > CLAIM_EXPIRY_MS) return found?.claim;
      await sleep(WAIT_PAUSE_MS);
    }
  }

  async setOwner(requestId: string, userId: string): Promise<void> {
    await this.redis.set(`task:${digest(requestId)}`, digest(userId), 'PX', OUTCOME_TTL_MS);
  }

  async isOwner(requestId: string, userId: string): Promise<boolean> {
    return (await this.redis.get(`task:${digest(requestId)}`)) === digest(userId);
  }

  async check(): Promise<void> {
    await this.redis.ping();
  }

  /** Ends the connection too, which all stores of this instance share. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#retries.end();
    // A connection that is lost needs no goodbye.
    await this.redis.quit().catch(() => {});
  }

  async #look(key: string): Promise<{ claim: Claim; ageMs: number } | undefined> {
    const reply = (await this.redis.eval(FIND, 1, claimKey(key))) as [string, string | null, number] | null;
    return reply ? { claim: toClaim(reply), ageMs: reply[2] } : undefined;
  }

  async #remove(key: string, mark: string): Promise<void> {
    const work = (): Promise<unknown> => this.redis.eval(RELEASE, 1, claimKey(key), mark);
    try {
      await work();
    } catch (error) {
      void this.#retries.add('the end of a claim', error, work);
      throw error;
    }
  }

  #beat(): void {
    // A heartbeat that fails makes the claim expire: its repeats are answered "unknown", and never sent.
    for (const key of this.#held.keys()) this.redis.eval(HEARTBEAT, 1, claimKey(key)).catch(() => {});
  }
}

function claimKey(key: string): string {
  return `call:${key}`;
}

function toClaim([hash, outcome]: readonly [string, string | null, ...unknown[]]): Claim {
  return outcome === null ? { hash } : { hash, outcome: JSON.parse(outcome) as Outcome };
}
