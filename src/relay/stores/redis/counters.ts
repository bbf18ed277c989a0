import { type Counters, digest } from '../../../invocation';
import type { RedisClient } from './client';

/** KEYS: the window. ARGV: amount, max, ms. Returns 0 when taken, else the ms until the window ends. */
const TAKE = `
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local amount = tonumber(ARGV[1])
if used + amount > tonumber(ARGV[2]) then
  local left = redis.call('PTTL', KEYS[1])
  if left < 1 then return tonumber(ARGV[3]) end
  return left
end
if amount == 0 then return 0 end
if used == 0 and redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('SET', KEYS[1], amount, 'PX', ARGV[3])
else
  redis.call('INCRBY', KEYS[1], amount)
end
return 0`;

/** ARGV: amount. Does nothing when the window has ended. */
const GIVE_BACK = `
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
if used > 0 then redis.call('DECRBY', KEYS[1], math.min(used, tonumber(ARGV[1]))) end
return 0`;

/** Counters over all instances. */
export class RedisCounters implements Counters {
  constructor(private readonly redis: RedisClient) {}

  async take(key: string, amount: number, max: number, window: number): Promise<number> {
    const wait = await this.redis.eval(TAKE, 1, windowKey(key), amount, max, window * 1000);
    return Math.ceil(Number(wait) / 1000);
  }

  async giveBack(key: string, amount: number): Promise<void> {
    await this.redis.eval(GIVE_BACK, 1, windowKey(key), amount);
  }
}

function windowKey(key: string): string {
  return `limit:${digest(key)}`;
}
