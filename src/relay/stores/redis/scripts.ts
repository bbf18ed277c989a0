/**
 * The scripts of claims, each one atomic step on one key.
 *
 * A claim is a hash: h the call's hash, c the holder's mark, s the holder's last heartbeat in Unix ms, o the outcome,
 * w the mark of the holder that wrote the outcome.
 */

const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/**
 * ARGV: hash, mark, ttl. Returns nil when the claim is the caller's, else hash and outcome. It is the caller's also
 * when the same mark is there already: the connection broke after the first try had been carried out, and the client
 * library sent it again.
 */
export const CLAIM = `${NOW}
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'h', ARGV[1], 'c', ARGV[2], 's', now)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return nil
end
local claim = redis.call('HMGET', KEYS[1], 'h', 'o', 'c')
if claim[3] == ARGV[2] then return nil end
return {claim[1], claim[2]}`;

/** ARGV: mark. Removes the claim only if it still has this mark: another may have come after it. */
export const RELEASE = `if redis.call('HGET', KEYS[1], 'c') == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0`;

/** Returns hash, outcome and ms since the last heartbeat; nil when there is no claim. */
export const FIND = `${NOW}
local claim = redis.call('HMGET', KEYS[1], 'h', 'o', 's')
if not claim[1] then return nil end
return {claim[1], claim[2], now - tonumber(claim[3])}`;

/** What HEARTBEAT and SETTLE found: the caller's claim, none (so they wrote it again), or another instance's. */
export type Rewrite = 'mine' | 'restored' | 'other';

/** Begins HEARTBEAT and SETTLE. ARGV: hash, mark, ttl. Writes the claim again if it is gone. */
const RESTORE = `${NOW}
local claim = redis.call('HMGET', KEYS[1], 'c', 'o', 'w')
local found = 'mine'
if not claim[1] then
  found = 'restored'
  redis.call('HSET', KEYS[1], 'h', ARGV[1], 'c', ARGV[2], 's', now)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
elseif claim[1] ~= ARGV[2] then
  found = 'other'
end`;

/** Returns a Rewrite, and the outcome of the other instance, if any. */
export const HEARTBEAT = `${RESTORE}
if found == 'mine' then redis.call('HSET', KEYS[1], 's', now) end
return {found, found == 'other' and claim[2]}`;

/**
 * ARGV[4]: the outcome; ARGV[5]: 'again' where it was stored before, and stays as it is if it is there still. The first
 * outcome of two instances is kept, unless it is "unknown"; one instance may replace its own. Returns as HEARTBEAT does.
 */
export const SETTLE = `${RESTORE}
local others = claim[2] and claim[3] and claim[3] ~= ARGV[2]
local kept = claim[2] and claim[2] ~= '"unknown"' and (others or ARGV[5] == 'again')
if not kept then redis.call('HSET', KEYS[1], 'o', ARGV[4], 'w', ARGV[2]) end
return {others and 'other' or found, others and claim[2]}`;

/** ARGV: outcome. For a call that was sent again under another instance's claim. A released claim stays away. */
export const REPLACE = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'o', ARGV[1]) end return 0`;

/** ARGV: any value. Writes a key that expires soon. */
export const PROBE = `return redis.call('SET', KEYS[1], ARGV[1], 'PX', 10000)`;
