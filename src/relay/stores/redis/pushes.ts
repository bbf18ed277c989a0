import {
  isWaitingPush,
  LEASE_MS,
  MAX_WAITING_BYTES,
  MAX_WAITING_PUSHES,
  type PushStore,
  type WaitingPush,
} from '../../push/push-store';
import { newToken } from '../../secrets';
import type { StoreLog } from '../log';
import type { RedisClient } from './client';

/** KEYS: the pushes by id, their bytes. ARGV: id, push, most pushes, most bytes. Returns 0 without room. */
const ADD = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
local bytes = tonumber(redis.call('GET', KEYS[2]) or '0') + #ARGV[2]
if bytes > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SET', KEYS[2], bytes)
return 1`;

/** KEYS: the pushes, their bytes, the lease. ARGV: id. */
const REMOVE = `
redis.call('DEL', KEYS[3])
local push = redis.call('HGET', KEYS[1], ARGV[1])
if not push then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('DECRBY', KEYS[2], #push)
return 1`;

/** KEYS: the lease, the pushes. ARGV: the instance's mark, ms, id. Returns 0 for another's lease or a push that is gone. */
const CLAIM = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if redis.call('HEXISTS', KEYS[2], ARGV[3]) == 0 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const LIST = `return redis.call('HGETALL', KEYS[1])`;

const PUSHES = 'pushes';
const BYTES = 'pushes:bytes';

/** Pushes that wait, of all instances: one of them hands a push on. */
export class RedisPushes implements PushStore {
  readonly #mark = newToken();
  /** Damaged ones that the log has. */
  readonly #damaged = new Set<string>();

  constructor(
    private readonly redis: RedisClient,
    private readonly log: Pick<StoreLog, 'error'>,
  ) {}

  async add(push: WaitingPush): Promise<boolean> {
    const bounds = [MAX_WAITING_PUSHES, MAX_WAITING_BYTES];
    return (
      (await this.redis.eval(ADD, 2, PUSHES, BYTES, push.eventId, JSON.stringify(push), ...bounds)) === 1
    );
  }

  async claim(eventId: string): Promise<boolean> {
    const args = [leaseKey(eventId), PUSHES, this.#mark, LEASE_MS, eventId];
    return (await this.redis.eval(CLAIM, 2, ...args)) === 1;
  }

  async remove(eventId: string): Promise<void> {
    await this.redis.eval(REMOVE, 3, PUSHES, BYTES, leaseKey(eventId), eventId);
  }

  async list(): Promise<WaitingPush[]> {
    const found = (await this.redis.eval(LIST, 1, PUSHES)) as string[];
    const pushes: WaitingPush[] = [];
    for (let index = 0; index < found.length; index += 2) {
      const [eventId, text] = found.slice(index, index + 2);
      const push = parsePush(eventId, text);
      if (push) pushes.push(push);
      else this.#report(eventId);
    }
    return pushes.sort((one, other) => one.at - other.at);
  }

  /** It stays where it is, and keeps none of the others from being handed on. */
  #report(eventId: string): void {
    if (this.#damaged.has(eventId)) return;
    this.#damaged.add(eventId);
    this.log.error("a damaged push was found, and does not reach the owner's hook", { event: eventId });
  }
}

/** @returns undefined for what is not as `add` wrote it */
function parsePush(eventId: string, text: string): WaitingPush | undefined {
  try {
    const push = Object(JSON.parse(text)) as WaitingPush;
    return isWaitingPush(push, eventId) ? push : undefined;
  } catch {
    return undefined;
  }
}

function leaseKey(eventId: string): string {
  return `pushes:lease:${eventId}`;
}
