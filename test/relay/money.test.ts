/**
 * The money rules of calls, over every back end by the one invoker: an id is sent once per user, whatever happens,
 * and every error says whether there may be a bill.
 */
import { Invoker, Limiter, RelayError } from '../../src/invocation';
import {
  type BackEnd,
  openCloudFunctionBackEnd,
  openFolderBackEnd,
  openRedisBackEnd,
  openUnicloudBackEnd,
  type ProcessStores,
} from './support/back-ends';
import { answered, FakeMarket, LOST, TIMED_OUT, UNSENT } from './support/fake-market';
import { describeWithRedis } from './support/servers';
import { until } from '../support/until';

type Reply = Awaited<ReturnType<Invoker['invoke']>>;

interface Asked {
  id?: string;
  userId?: string;
  hash?: string;
}

/** One process of a back end, with an invoker. */
interface Process {
  /** Makes methods of the stores fail: as often as the number says. */
  failing: Map<string, number>;
  /** The methods of the stores that were called. */
  called: Set<string>;
  isOwner(requestId: string, userId: string): Promise<boolean>;
  invoke(asked?: Asked): Promise<Reply>;
  drain(): Promise<void>;
}

interface ProcessOptions {
  callsPerHour?: number;
  upstreamIdempotent?: boolean;
}

async function open(openBackEnd: () => Promise<BackEnd>) {
  // The windows of limits begin with the clock's own hour, and no test may see one end.
  jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
  const market = new FakeMarket();
  const backEnd = await openBackEnd();

  async function openProcess(options: ProcessOptions = {}): Promise<Process> {
    const { callsPerHour = 100, upstreamIdempotent } = options;
    const failing = new Map<string, number>();
    const called = new Set<string>();
    const { outcomes, counters } = watched(await backEnd.openProcess(), called, failing);
    const limits = { sessionsPerHour: 0, filesPerHour: 0, bytesPerHour: 0, callsPerHour, pollsPerHour: 0 };
    const invoker = new Invoker({
      market,
      outcomes,
      limiter: new Limiter(counters, limits),
      upstreamIdempotent,
      run: backEnd.run,
      onError: () => {},
    });
    return {
      failing,
      called,
      isOwner: (requestId, userId) => outcomes.isOwner(requestId, userId),
      invoke: ({ id = 'id-1', userId = 'ann', hash = 'h' } = {}) =>
        invoker.invoke({ userId, id, hash, call: { service: 's', api: 'a', client_msg_id: id } }),
      drain: () => invoker.drain(),
    };
  }

  return { market, openProcess, killAll: () => backEnd.killAll() };
}

function watched(
  { outcomes, counters }: ProcessStores,
  called: Set<string>,
  failing: Map<string, number>,
): ProcessStores {
  const wrap = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name: string) {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return async (...args: unknown[]) => {
          called.add(name);
          const left = failing.get(name) ?? 0;
          if (left === 0) return method.apply(target, args);
          failing.set(name, left - 1);
          throw new Error('the store is away');
        };
      },
    });
  return { outcomes: wrap(outcomes), counters: wrap(counters) };
}

/** Checks that a call is refused, and with which status and word about its bill. @returns the error */
async function refusal(
  reply: Promise<Reply>,
  statusCode: number,
  billing: 'none' | 'unknown',
): Promise<RelayError> {
  const error: unknown = await reply.then(
    (value) => ({ answered: value }),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RelayError);
  const { details } = error as RelayError;
  expect({ statusCode: (error as RelayError).statusCode, billing: details.billing ?? 'unknown' }).toEqual({
    statusCode,
    billing,
  });
  return error as RelayError;
}

const FIRST = { errcode: 0, errmsg: 'ok', data: '1' };

/** What holds for every back end. */
function describeMoneyRules(openBackEnd: () => Promise<BackEnd>): void {
  test.each([
    ['an answer', { data: 'x', request_id: 'R' }],
    ["the platform's refusal", { errcode: 9_301_010, errmsg: 'no balance' }],
  ])('%s is the outcome, for every repeat and after a restart', async (_name, fields) => {
    const { market, openProcess } = await open(openBackEnd);
    market.next.push(answered(fields));
    const first = await openProcess();
    const reply = await first.invoke();
    expect(reply).toEqual({ errcode: 0, errmsg: 'ok', ...fields });
    expect(await first.invoke()).toEqual(reply);
    expect(await (await openProcess()).invoke()).toEqual(reply);
    expect(market.sent).toHaveLength(1);
  });

  test('repeats while it is under way get the one answer, and count as one call', async () => {
    const { market, openProcess } = await open(openBackEnd);
    const { invoke } = await openProcess({ callsPerHour: 11 });
    const finish = market.hold();
    const replies = Array.from({ length: 10 }, () => invoke());
    await until(() => market.sent.length > 0);
    replies.push(invoke());
    finish(answered({ data: '1' }));
    expect(await Promise.all(replies)).toEqual(Array(11).fill(FIRST));
    expect(market.sent).toHaveLength(1);
    for (let n = 0; n < 10; n++) expect(await invoke({ id: `other-${n}` })).toMatchObject({ errcode: 0 });
    await refusal(invoke({ id: 'over' }), 429, 'none');
  });

  test('the same id for something else is refused: while it is under way, and afterwards', async () => {
    const { market, openProcess } = await open(openBackEnd);
    const { invoke } = await openProcess();
    const finish = market.hold();
    const reply = invoke();
    await until(() => market.sent.length > 0);
    await refusal(invoke({ hash: 'other' }), 409, 'unknown');
    finish(answered({ data: '1' }));
    expect(await reply).toEqual(FIRST);
    await refusal(invoke({ hash: 'other' }), 409, 'unknown');
    expect(market.sent).toHaveLength(1);
  });

  test("ids are each user's own", async () => {
    const { market, openProcess } = await open(openBackEnd);
    const { invoke } = await openProcess();
    expect(await invoke()).toEqual(FIRST);
    expect(await invoke({ userId: 'bob', hash: 'other' })).toMatchObject({ data: '2' });
    expect(await invoke()).toEqual(FIRST);
    expect(market.sent).toHaveLength(2);
  });

  test.each([
    ['an answer that is lost', LOST, 502],
    ['no answer in time', TIMED_OUT, 504],
    ['a market that throws', new Error('x'), 502],
  ])('after %s the outcome is unknown for ever, and nothing is sent again', async (_name, sent, status) => {
    const { market, openProcess } = await open(openBackEnd);
    market.next.push(sent);
    const { invoke } = await openProcess();
    expect((await refusal(invoke(), status, 'unknown')).message).toContain('outcome unknown');
    expect((await refusal(invoke(), 504, 'unknown')).message).toContain('outcome unknown');
    const next = await openProcess();
    await refusal(next.invoke(), 504, 'unknown');
    await refusal(next.invoke({ hash: 'other' }), 409, 'unknown');
    expect(market.sent).toHaveLength(1);
    expect(await next.invoke({ id: 'id-2' })).toMatchObject({ errcode: 0 });
  });

  test('the outcome of a call whose process was killed is unknown for ever', async () => {
    const { market, openProcess, killAll } = await open(openBackEnd);
    const first = await openProcess();
    market.hold();
    void first.invoke().catch(() => {});
    await until(() => market.sent.length > 0);
    await killAll();
    const { invoke } = await openProcess();
    for (let n = 0; n < 2; n++) await refusal(invoke(), 504, 'unknown');
    await refusal(invoke({ hash: 'other' }), 409, 'unknown');
    expect(market.sent).toHaveLength(1);
  });

  test('what never left costs nothing, counts nothing, and leaves its id free', async () => {
    const { market, openProcess } = await open(openBackEnd);
    const { invoke } = await openProcess({ callsPerHour: 1 });
    market.next.push(UNSENT, UNSENT);
    expect((await refusal(invoke(), 502, 'none')).message).toContain('nothing was sent');
    await refusal(invoke({ hash: 'other' }), 502, 'none');
    expect(await invoke()).toMatchObject({ data: '3' });
    expect(await invoke()).toMatchObject({ data: '3' });
    await refusal(invoke({ id: 'id-2' }), 429, 'none');
  });

  test('over the limit nothing is sent; repeats are free, and each user has a limit of its own', async () => {
    const { market, openProcess } = await open(openBackEnd);
    const { invoke } = await openProcess({ callsPerHour: 3 });
    const ids = Array.from({ length: 10 }, (_, n) => `id-${n}`);
    const results = await Promise.allSettled(ids.map((id) => invoke({ id })));
    expect(market.sent).toHaveLength(3);
    const sent = new Set(market.sent.map(({ client_msg_id }) => client_msg_id));
    for (const [n, id] of ids.entries()) {
      expect(results[n].status).toBe(sent.has(id) ? 'fulfilled' : 'rejected');
      if (sent.has(id)) expect(await invoke({ id })).toMatchObject({ errcode: 0 });
      else {
        const { retryAfter } = (await refusal(invoke({ id }), 429, 'none')).details;
        expect(retryAfter).toBeGreaterThan(0);
        expect(retryAfter).toBeLessThanOrEqual(3600);
      }
    }
    expect(market.sent).toHaveLength(3);
    expect(await invoke({ userId: 'bob' })).toMatchObject({ errcode: 0 });
  });

  test.each([['find'], ['take'], ['claim']])(
    'while %s fails nothing is sent, and it costs nothing',
    async (method) => {
      const { market, openProcess } = await open(openBackEnd);
      const { invoke, failing } = await openProcess({ callsPerHour: 1 });
      failing.set(method, 3);
      for (let n = 0; n < 3; n++) await refusal(invoke(), 503, 'none');
      expect(market.sent).toEqual([]);
      expect(await invoke()).toEqual(FIRST);
    },
  );

  test('an answer whose outcome and owner cannot be stored is given all the same, and they are stored later', async () => {
    const { market, openProcess } = await open(openBackEnd);
    const { invoke, failing, drain } = await openProcess();
    market.next.push(answered({ data: 'paid', request_id: 'R' }));
    failing.set('settle', 1).set('setOwner', 1);
    const reply = await invoke();
    expect(reply).toMatchObject({ data: 'paid' });
    await drain();
    expect(failing.get('settle')).toBe(0);
    const next = await openProcess();
    expect(await next.invoke()).toEqual(reply);
    expect([await next.isOwner('R', 'ann'), await next.isOwner('R', 'bob')]).toEqual([true, false]);
    expect(market.sent).toHaveLength(1);
  });

  test('an outcome that can never be stored is unknown to the next process, and not sent again', async () => {
    const { market, openProcess, killAll } = await open(openBackEnd);
    const { invoke, failing, drain } = await openProcess();
    failing.set('settle', Infinity);
    expect(await invoke()).toEqual(FIRST);
    await drain();
    await killAll();
    await refusal((await openProcess()).invoke(), 504, 'unknown');
    expect(market.sent).toHaveLength(1);
  });
}

/** What holds where the owner can say that the platform bills an id once. */
function describeIdempotentUpstream(openBackEnd: () => Promise<BackEnd>): void {
  describe('with upstreamIdempotent', () => {
    test('an unknown outcome is sent again, and its answer takes its place', async () => {
      const { market, openProcess } = await open(openBackEnd);
      market.next.push(LOST);
      const first = await openProcess({ upstreamIdempotent: true });
      await refusal(first.invoke(), 502, 'unknown');
      const { invoke } = await openProcess({ upstreamIdempotent: true });
      const reply = await invoke();
      expect(reply).toMatchObject({ data: '2' });
      expect(await invoke()).toEqual(reply);
      expect(await (await openProcess()).invoke()).toEqual(reply);
      expect(market.sent).toHaveLength(2);
    });

    test('what was lost once may be billed, though its repeat never left or was over the limit', async () => {
      const { market, openProcess } = await open(openBackEnd);
      const { invoke } = await openProcess({ upstreamIdempotent: true, callsPerHour: 2 });
      market.next.push(LOST, UNSENT);
      for (let n = 0; n < 2; n++)
        expect((await refusal(invoke(), 502, 'unknown')).message).toContain('outcome unknown');
      await refusal(invoke(), 429, 'unknown');
      await refusal(invoke({ id: 'id-2' }), 429, 'none');
      expect(market.sent).toHaveLength(2);
    });
  });
}

/** What holds where several processes work at once. */
function describeManyProcesses(openBackEnd: () => Promise<BackEnd>): void {
  describe('of two processes', () => {
    test('one sends the call, and the repeats of both get its outcome and count as one call', async () => {
      const { market, openProcess } = await open(openBackEnd);
      const both = [await openProcess({ callsPerHour: 10 }), await openProcess({ callsPerHour: 10 })];
      const replies = Array.from({ length: 10 }, (_, n) => both[n % 2].invoke());
      expect(await Promise.all(replies)).toEqual(Array(10).fill(FIRST));
      expect(market.sent).toHaveLength(1);
      for (let n = 0; n < 9; n++)
        expect(await both[n % 2].invoke({ id: `other-${n}` })).toMatchObject({ errcode: 0 });
      await refusal(both[0].invoke({ id: 'over' }), 429, 'none');
    });

    test("one waits for the other's answer", async () => {
      const { market, openProcess } = await open(openBackEnd);
      const [first, second] = [await openProcess(), await openProcess()];
      const finish = market.hold();
      const replies = [first.invoke()];
      await until(() => market.sent.length > 0);
      replies.push(second.invoke());
      await until(() => second.called.has('wait'));
      await refusal(second.invoke({ hash: 'other' }), 409, 'unknown');
      finish(answered({ data: '1' }));
      expect(await Promise.all(replies)).toEqual([FIRST, FIRST]);
      expect(market.sent).toHaveLength(1);
    });

    test('one that waits for a call that never leaves makes it', async () => {
      const { market, openProcess } = await open(openBackEnd);
      const [first, second] = [await openProcess(), await openProcess()];
      const finish = market.hold();
      const lost = refusal(first.invoke(), 502, 'none');
      await until(() => market.sent.length > 0);
      const reply = second.invoke();
      await until(() => second.called.has('wait'));
      finish(UNSENT);
      await lost;
      expect(await reply).toMatchObject({ data: '2' });
      expect(market.sent).toHaveLength(2);
    });

    test('they never exceed the limit together', async () => {
      const { market, openProcess } = await open(openBackEnd);
      const both = [await openProcess({ callsPerHour: 5 }), await openProcess({ callsPerHour: 5 })];
      await Promise.allSettled(Array.from({ length: 20 }, (_, n) => both[n % 2].invoke({ id: `id-${n}` })));
      expect(market.sent).toHaveLength(5);
    });
  });
}

describe('the folder', () => {
  describeMoneyRules(openFolderBackEnd);
  describeIdempotentUpstream(openFolderBackEnd);
});

describeWithRedis('Redis', () => {
  describeMoneyRules(openRedisBackEnd);
  describeIdempotentUpstream(openRedisBackEnd);
  describeManyProcesses(openRedisBackEnd);
});

describe("the cloud function's database", () => {
  describeMoneyRules(openCloudFunctionBackEnd);
  describeManyProcesses(openCloudFunctionBackEnd);
});

describe("uniCloud's database", () => {
  describeMoneyRules(openUnicloudBackEnd);
  describeManyProcesses(openUnicloudBackEnd);
});
