import { setTimeout as sleep } from 'node:timers/promises';
import { type Claim, digest, type Outcome, OUTCOME_TTL_S, type Outcomes, Retries } from '../../invocation';
import { newToken } from '../secrets';
import type { RedisClient } from './redis-client';

const TTL = OUTCOME_TTL_S * 1000;
/** Ms without a sign of life after which a claim's instance is taken for dead. */
export const LEASE = 10_000;
const PAUSE = 100;

/** A claim: h its hash, c its holder's mark, o its outcome, s the holder's last sign of life. */
const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/**
 * ARGV: hash, mark, ttl. Gives nil when it is the caller's. So it is too when the same mark is there already:
 * then the connection broke after the first try had been carried out, and the client sent it again.
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

/** ARGV: mark. Ends a claim with this mark, and nobody else's that has come after it. */
const RELEASE = `if redis.call('HGET', KEYS[1], 'c') == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0`;

/** Gives hash, outcome and ms since the last sign of life. */
const FIND = `${NOW}
local claim = redis.call('HMGET', KEYS[1], 'h', 'o', 's')
if not claim[1] then return nil end
return {claim[1], claim[2], now - tonumber(claim[3])}`;

/** ARGV: outcome. A claim that has ended meanwhile does not come back. */
const SETTLE = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'o', ARGV[1]) end return 0`;

const SIGN_OF_LIFE = `${NOW}
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 's', now) end
return 0`;

/** Intents and outcomes that every instance knows. */
export class RedisOutcomes implements Outcomes {
  /** Marks of this instance's claims that have no outcome yet. */
  readonly #mine = new Map<string, string>();
  readonly #retries = new Retries(() => {});
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly redis: RedisClient) {
    this.#timer = setInterval(() => this.#signal(), LEASE / 4).unref();
  }

  async find(key: string): Promise<Claim | undefined> {
    return (await this.#look(key))?.claim;
  }

  async claim(key: string, hash: string): Promise<Claim | undefined> {
    const mark = newToken();
    let reply: unknown;
    try {
      reply = await this.redis.eval(CLAIM, 1, keyOf(key), hash, mark, TTL);
    } catch (error) {
      // It may have been carried out, or still be; the call is not sent, so its id must not count as used.
      this.#end(key, mark).catch(() => {});
      throw error;
    }
    if (reply) return asClaim(reply as [string, string | null]);
    this.#mine.set(key, mark);
    return undefined;
  }

  async settle(key: string, outcome: Outcome): Promise<void> {
    this.#mine.delete(key);
    await this.redis.eval(SETTLE, 1, keyOf(key), JSON.stringify(outcome));
  }

  async release(key: string): Promise<void> {
    const mark = this.#mine.get(key);
    this.#mine.delete(key);
    if (mark) await this.#end(key, mark);
  }

  async wait(key: string): Promise<Claim | undefined> {
    for (;;) {
      const found = await this.#look(key);
      if (!found || found.claim.outcome || found.silence > LEASE) return found?.claim;
      await sleep(PAUSE);
    }
  }

  async setOwner(requestId: string, userId: string): Promise<void> {
    await this.redis.set(`task:${digest(requestId)}`, digest(userId), 'PX', TTL);
  }

  async isOwner(requestId: string, userId: string): Promise<boolean> {
    return (await this.redis.get(`task:${digest(requestId)}`)) === digest(userId);
  }

  async check(): Promise<void> {
    await this.redis.ping();
  }

  /** Ends the connection too, which everything of this instance shares. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#retries.end();
    // A connection that is gone already has ended all the same.
    await this.redis.quit().catch(() => {});
  }

  async #look(key: string): Promise<{ claim: Claim; silence: number } | undefined> {
    const reply = (await this.redis.eval(FIND, 1, keyOf(key))) as [string, string | null, number] | null;
    return reply ? { claim: asClaim(reply), silence: reply[2] } : undefined;
  }

  async #end(key: string, mark: string): Promise<void> {
    const work = (): Promise<unknown> => this.redis.eval(RELEASE, 1, keyOf(key), mark);
    try {
      await work();
    } catch (error) {
      void this.#retries.add('the end of a claim', error, work);
      throw error;
    }
  }

  #signal(): void {
    // Without it the claim counts as dead after the lease: its repeats are told "unknown", never sent.
    for (const key of this.#mine.keys()) this.redis.eval(SIGN_OF_LIFE, 1, keyOf(key)).catch(() => {});
  }
}

function keyOf(key: string): string {
  return `call:${key}`;
}

function asClaim([hash, outcome]: readonly [string, string | null, ...unknown[]]): Claim {
  return outcome === null ? { hash } : { hash, outcome: JSON.parse(outcome) as Outcome };
}
