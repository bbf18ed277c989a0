import { dayOf, nameOfDay } from '../../owners/days';
import type { CallFilter, CallRecord, CallResult, Records, UsageRow } from '../../owners/records';
import type { RedisClient } from './client';
import { connectRedis } from './open-redis-stores';
import { SUMS } from './outcomes';
import { FIND_CALLS, READ_SUMS } from './scripts';

type Found = [
  id: string,
  user: string,
  service: string,
  api: string,
  at: string,
  endedAt: string | null,
  result: CallResult | null,
  description: string | null,
  outcome: string | null,
];
type Sums = Pick<UsageRow, 'user' | 'service'> & Record<'calls' | 'answered' | 'failed', number>;

export interface RedisRecordsOptions {
  /** Of the keys of this app. */
  prefix: string;
  appid: string;
  /** How long sums are kept, in days. */
  maxDays: number;
}

/** Reads what relays keep in Redis, while they work. */
export class RedisRecords implements Records {
  private constructor(
    private readonly redis: RedisClient,
    private readonly options: RedisRecordsOptions,
  ) {}

  /** @throws Error when the package is missing or the server cannot be reached */
  static async open(url: string, options: RedisRecordsOptions): Promise<RedisRecords> {
    const { client } = await connectRedis(url, options.prefix);
    return new RedisRecords(client as unknown as RedisClient, options);
  }

  async findCalls({ id = '', user = '', since = 0, withAnswer }: CallFilter): Promise<CallRecord[]> {
    // A scan may return a key twice.
    const calls = new Map<string, CallRecord>();
    let cursor = '0';
    do {
      const args = [cursor, id, user, since, withAnswer ? 'answers' : ''];
      const reply = (await this.redis.eval(FIND_CALLS, 1, 'call:*', ...args)) as [string, Found[]];
      cursor = reply[0];
      for (const found of reply[1]) calls.set(found.slice(0, 5).join('\n'), toRecord(found));
    } while (cursor !== '0');
    return [...calls.values()].sort((one, other) => one.at - other.at);
  }

  async readUsage(): Promise<UsageRow[]> {
    const { appid, maxDays } = this.options;
    const today = dayOf(Date.now());
    const rows: UsageRow[] = [];
    // A day more, because the server's clock may be ahead.
    for (let day = today + 1; day > today - maxDays; day--) {
      const fields = (await this.redis.eval(READ_SUMS, 1, SUMS, day)) as string[];
      for (const { calls, answered, failed, ...whose } of readSums(fields)) {
        const unknown = calls - answered - failed;
        // Nothing is left of a call that was released.
        if (calls > 0) {
          rows.push({ day: nameOfDay(day), appid, ...whose, calls, failures: failed, unknown });
        }
      }
    }
    return rows;
  }

  async close(): Promise<void> {
    await this.redis.quit();
  }
}

function toRecord([id, user, service, api, at, endedAt, result, description, outcome]: Found): CallRecord {
  return {
    id,
    user,
    service,
    api,
    at: Number(at),
    ...(endedAt !== null && { ms: Number(endedAt) - Number(at) }),
    result: result ?? 'open',
    ...(description !== null && (JSON.parse(description) as Partial<CallRecord>)),
    ...(outcome && { outcome: JSON.parse(outcome) as CallRecord['outcome'] }),
  };
}

/** @param fields - `calls <user> <service>`, number, `failed <user> <service>`, number, … */
function readSums(fields: readonly string[]): Sums[] {
  const sums = new Map<string, Sums>();
  for (let i = 0; i < fields.length; i += 2) {
    const [, what, whose, user, service] = /^(\w+) ((\S+) (.*))$/s.exec(fields[i]) as unknown as string[];
    const sum = sums.get(whose) ?? { user, service, calls: 0, answered: 0, failed: 0 };
    sum[what as 'calls'] = Number(fields[i + 1]);
    sums.set(whose, sum);
  }
  return [...sums.values()];
}
