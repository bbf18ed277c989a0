import type { Denial, DenialStore } from '../../owners/deny-list';
import type { RedisClient } from './client';

/** KEYS: the denials, their version. ARGV: the one to add, or to remove. */
const ADD = `redis.call('SADD', KEYS[1], ARGV[1]) return redis.call('INCR', KEYS[2])`;
const REMOVE = `redis.call('SREM', KEYS[1], ARGV[1]) return redis.call('INCR', KEYS[2])`;
/** ARGV: the version that is known. Returns nil, or the version and all denials. */
const READ = `
local version = redis.call('GET', KEYS[2]) or '0'
if version == ARGV[1] then return nil end
return {version, redis.call('SMEMBERS', KEYS[1])}`;

const [DENIALS, VERSION] = ['denied', 'denied:version'];

/** Denials that every instance knows. */
export class RedisDenials implements DenialStore {
  constructor(private readonly redis: RedisClient) {}

  async add(denial: Denial): Promise<void> {
    await this.redis.eval(ADD, 2, DENIALS, VERSION, toMember(denial));
  }

  async remove(denial: Denial): Promise<void> {
    await this.redis.eval(REMOVE, 2, DENIALS, VERSION, toMember(denial));
  }

  async read(known = ''): ReturnType<DenialStore['read']> {
    const reply = (await this.redis.eval(READ, 2, DENIALS, VERSION, known)) as [string, string[]] | null;
    return reply
      ? { version: reply[0], denials: reply[1].map((member) => JSON.parse(member) as Denial) }
      : undefined;
  }
}

function toMember({ kind, name }: Denial): string {
  return JSON.stringify({ kind, name });
}
