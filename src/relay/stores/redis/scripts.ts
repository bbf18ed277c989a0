/**
 * The scripts of claims and long tasks, each one atomic step. Of a claim KEYS[1] is the claim, KEYS[2] what the keys of
 * the days' sums begin with, KEYS[3] what those of budgets begin with.
 *
 * A claim is a hash: h the call's hash, c the holder's mark, s the holder's last heartbeat in Unix ms, o the outcome,
 * w the mark of the holder that wrote the outcome. For the owner's records: t when it was claimed and e when it was
 * settled, in Unix ms; u the user's digest, v the service, n the interface, i the page's id; r what became of it
 * (answered, failed, unknown), d a description of the outcome as JSON; b the windows of budgets that it took a unit of.
 *
 * A day's sums are a hash too: calls, answered and failed ones by user and service.
 */

const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/**
 * Adds to a sum of the day on which a call was claimed; days are those of UTC+8. ARGV[3] of each script that counts is
 * how long sums are kept, in ms.
 */
const COUNT = `
local function count(at, what, user, service, n)
  local sums = KEYS[2] .. string.format('%d', math.floor((at + 28800000) / 86400000))
  redis.call('HINCRBY', sums, what .. ' ' .. user .. ' ' .. service, n)
  redis.call('PEXPIRE', sums, ARGV[3])
end`;

/** Takes units of windows, or gives them back. Windows are a string of names with blanks between. */
const SPEND = `
local function spend(windows)
  for name in string.gmatch(windows, '%S+') do
    redis.call('INCR', KEYS[3] .. name)
    redis.call('PEXPIRE', KEYS[3] .. name, 172800000)
  end
end
local function give_back(windows)
  for name in string.gmatch(windows or '', '%S+') do
    if tonumber(redis.call('GET', KEYS[3] .. name) or '0') > 0 then redis.call('DECR', KEYS[3] .. name) end
  end
end`;

/** Writes a claim. ARGV: hash, mark, ms of sums, ms of the claim, user, service, api, id. */
const WRITE = `${NOW}${COUNT}${SPEND}
local function write(at, windows)
  redis.call('HSET', KEYS[1], 'h', ARGV[1], 'c', ARGV[2], 's', now, 't', at,
    'u', ARGV[5], 'v', ARGV[6], 'n', ARGV[7], 'i', ARGV[8], 'b', windows)
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  count(at, 'calls', ARGV[5], ARGV[6], 1)
  spend(windows)
end`;

/**
 * ARGV: as WRITE, and budgets as JSON: name, maximum and ms of the window of each. Returns one of
 *
 * - mine, when it was claimed, the windows that a unit was taken of, and how many units of each are taken then. Also
 *   when the same mark is there already: the connection broke after the first try had been carried out, and the client
 *   library sent it again
 * - spent, the number of the budget that has no unit left, from 1, and the ms until it has
 * - other, hash and outcome of the claim that is there
 */
export const CLAIM = `${WRITE}
if redis.call('EXISTS', KEYS[1]) == 1 then
  local claim = redis.call('HMGET', KEYS[1], 'h', 'o', 'c', 't', 'b')
  if claim[3] == ARGV[2] then return {'mine', tonumber(claim[4]), claim[5]} end
  return {'other', claim[1], claim[2]}
end
local names, used, spent, longest = {}, {}, 0, 0
for i, budget in ipairs(cjson.decode(ARGV[9])) do
  local index = math.floor((now + 28800000) / budget[3])
  names[i] = budget[1] .. ':' .. string.format('%d', index)
  used[i] = tonumber(redis.call('GET', KEYS[3] .. names[i]) or '0') + 1
  local wait = (index + 1) * budget[3] - 28800000 - now
  if used[i] > budget[2] and wait > longest then
    spent, longest = i, wait
  end
end
if spent > 0 then return {'spent', spent, longest} end
local windows = table.concat(names, ' ')
write(now, windows)
return {'mine', now, windows, unpack(used)}`;

/**
 * ARGV: any, mark, ms of sums. Removes the claim only if it still has this mark: another may have come after it.
 */
export const RELEASE = `${COUNT}${SPEND}
local claim = redis.call('HMGET', KEYS[1], 'c', 't', 'u', 'v', 'b')
if claim[1] == ARGV[2] then
  redis.call('DEL', KEYS[1])
  give_back(claim[5])
  count(claim[2], 'calls', claim[3], claim[4], -1)
end
return 0`;

/** Returns hash, outcome and ms since the last heartbeat; nil when there is no claim. */
export const FIND = `${NOW}
local claim = redis.call('HMGET', KEYS[1], 'h', 'o', 's')
if not claim[1] then return nil end
return {claim[1], claim[2], now - tonumber(claim[3])}`;

/** What HEARTBEAT and SETTLE found: the caller's claim, none (so they wrote it again), or another instance's. */
export type Rewrite = 'mine' | 'restored' | 'other';

/**
 * Begins HEARTBEAT and SETTLE. ARGV: as WRITE, when it was claimed, and its windows of budgets. Writes the claim again
 * if it is gone; its units and the sums of its day were lost with it.
 */
const RESTORE = `${WRITE}
local claim = redis.call('HMGET', KEYS[1], 'c', 'o', 'w')
local found = 'mine'
if not claim[1] then
  found = 'restored'
  write(ARGV[9], ARGV[10])
elseif claim[1] ~= ARGV[2] then
  found = 'other'
end`;

/** Returns a Rewrite, and the outcome of the other instance, if any. */
export const HEARTBEAT = `${RESTORE}
if found == 'mine' then redis.call('HSET', KEYS[1], 's', now) end
return {found, found == 'other' and claim[2]}`;

/** Writes an outcome, and counts it in place of the one before. */
const END = `
local function finish(outcome, result, description)
  local claim = redis.call('HMGET', KEYS[1], 'r', 't', 'u', 'v')
  if claim[1] ~= result then
    if claim[1] and claim[1] ~= 'unknown' then count(claim[2], claim[1], claim[3], claim[4], -1) end
    if result ~= 'unknown' then count(claim[2], result, claim[3], claim[4], 1) end
  end
  redis.call('HSET', KEYS[1], 'o', outcome, 'r', result, 'd', description, 'e', now)
end`;

/**
 * ARGV[11] to [13]: the outcome, its result and description; ARGV[14]: 'again' where it was stored before, and stays as it is if it is there still. The first
 * outcome of two instances is kept, unless it is "unknown"; one instance may replace its own. Returns as HEARTBEAT does.
 */
export const SETTLE = `${RESTORE}${END}
local others = claim[2] and claim[3] and claim[3] ~= ARGV[2]
local kept = claim[2] and claim[2] ~= '"unknown"' and (others or ARGV[14] == 'again')
if not kept then
  finish(ARGV[11], ARGV[12], ARGV[13])
  redis.call('HSET', KEYS[1], 'w', ARGV[2])
end
return {others and 'other' or found, others and claim[2]}`;

/**
 * ARGV: outcome, its result, ms of sums, its description. For a call that was sent again under another instance's
 * claim. A released claim stays away.
 */
export const REPLACE = `${NOW}${COUNT}${END}
if redis.call('EXISTS', KEYS[1]) == 1 then finish(ARGV[1], ARGV[2], ARGV[4]) end
return 0`;

/**
 * KEYS[1]: the pattern of all claims. ARGV: cursor, id, user, earliest claim, 'answers' or ''; an empty id or user is
 * any. Returns the next cursor and a page of claims: id, user, service, api, claimed, settled, result, description,
 * outcome. A page at a time, so that no other command waits long.
 */
export const FIND_CALLS = `
local page = redis.call('SCAN', ARGV[1], 'MATCH', KEYS[1], 'COUNT', 500)
local found = {}
for _, key in ipairs(page[2]) do
  local claim = redis.call('HMGET', key, 'i', 'u', 'v', 'n', 't', 'e', 'r', 'd')
  if claim[5] and (ARGV[2] == '' or ARGV[2] == claim[1]) and (ARGV[3] == '' or ARGV[3] == claim[2])
    and tonumber(claim[5]) >= tonumber(ARGV[4]) then
    claim[9] = ARGV[5] == 'answers' and redis.call('HGET', key, 'o')
    found[#found + 1] = claim
  end
end
return {page[1], found}`;

/** KEYS[1]: what the keys of the days' sums begin with. ARGV: number of a day. Returns its sums: name, number, … */
export const READ_SUMS = `return redis.call('HGETALL', KEYS[1] .. ARGV[1])`;

/** ARGV: any value. Writes a key that expires soon. */
export const PROBE = `return redis.call('SET', KEYS[1], ARGV[1], 'PX', 10000)`;

/** KEYS: owner, result. ARGV: user, ttl. A result that was there first stays as long as its owner. */
export const SET_OWNER = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 0`;

/** KEYS: owner, result. ARGV: result, ttl with an owner and without. The first result stays. Returns 1 with an owner. */
export const STORE_RESULT = `
local owned = redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[2], ARGV[1], 'PX', owned == 1 and ARGV[2] or ARGV[3], 'NX')
return owned`;
