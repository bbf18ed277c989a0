/** Budgets over all users: a unit is taken with the claim, kept by the store, and comes back only where nothing left. */
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { type Budgets, type Claimant, type RelayError, spendingsOf } from '../../src/invocation';
import { createOpenApi } from '../../src/openapi';
import { openRedisStores } from '../../src/relay';
import { BudgetUnits } from '../../src/relay/stores/folder/budget-units';
import { Journal } from '../../src/relay/stores/folder/journal';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import type { RelayOutcomes } from '../../src/relay/stores/stores';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { ANN } from './support/claimant';
import { openUpstream } from './support/fake-upstream';
import { openRelay, refusal } from './support/open-relay';
import { signInAs, startProcess } from './support/relay-process';
import { describeWithRedis, openRedis } from './support/servers';

const PATH = '/wxa/servicemarket';
const HOUR = 3_600_000;
const PAIR = 'wxocr/Ocr';
const services = { wxocr: ['Ocr', 'Other'] };
const call = (id: string) => ({ service: 'wxocr', api: 'Ocr', data: '{}', client_msg_id: id });

/** Who claims under these budgets. */
function claimant(budgets: Budgets, user = ANN.user): Claimant {
  return { ...ANN, user, spendings: spendingsOf(budgets, { ...ANN, user }) };
}

/** @returns `mine`, `other`, or the text of a refusal */
async function claim(outcomes: RelayOutcomes, key: string, who: Claimant): Promise<string> {
  return outcomes.claim(key, 'h', who).then(
    (earlier) => (earlier ? 'other' : 'mine'),
    ({ message, statusCode, details }: RelayError) => {
      expect({ statusCode, details }).toMatchObject({
        statusCode: 429,
        details: { billing: 'none', reason: 'budget' },
      });
      return message.replace(/\d+ seconds/, 'N seconds');
    },
  );
}

const spent = (name: string, max: number): string =>
  `Failed to accept the call: the budget of ${PAIR} is spent ("${name}" is ${max}). Try again in N seconds.`;

/** What holds for every store. @param open - the store of another process over the same data */
function describeBudgets(openStore: () => Promise<(budgets: Budgets) => Promise<RelayOutcomes>>): void {
  test.each(['perHour', 'perDay'] as const)('%s counts all users, and repeats take nothing', async (name) => {
    const budgets = { [PAIR]: { [name]: 3 } };
    const outcomes = await (await openStore())(budgets);
    for (const key of ['a', 'b', 'c'])
      expect(await claim(outcomes, key, claimant(budgets, key))).toBe('mine');
    expect(await claim(outcomes, 'd', claimant(budgets))).toBe(spent(name, 3));
    expect(await claim(outcomes, 'a', claimant(budgets, 'a'))).toBe('other');
    await outcomes.settle('a', { errcode: 5, errmsg: 'refused by the platform' });
    await outcomes.settle('b', 'unknown');
    // Neither comes back: they may have been billed.
    expect(await claim(outcomes, 'd', claimant(budgets))).toBe(spent(name, 3));
    await outcomes.release('c');
    expect(await claim(outcomes, 'd', claimant(budgets))).toBe('mine');
    expect(await claim(outcomes, 'e', claimant(budgets))).toBe(spent(name, 3));
    await outcomes.release('d');
    await outcomes.release('d');
    expect(await claim(outcomes, 'f', claimant(budgets))).toBe('mine');
    expect(await claim(outcomes, 'g', claimant(budgets))).toBe(spent(name, 3));
  });

  test("perUserPerDay is each user's own, and nothing is taken of the others where one is spent", async () => {
    const budgets = { [PAIR]: { perHour: 3, perUserPerDay: 1 } };
    const outcomes = await (await openStore())(budgets);
    expect(await claim(outcomes, 'a', claimant(budgets, 'ann'))).toBe('mine');
    for (let n = 0; n < 5; n++)
      expect(await claim(outcomes, 'x', claimant(budgets, 'ann'))).toBe(spent('perUserPerDay', 1));
    expect(await claim(outcomes, 'b', claimant(budgets, 'bob'))).toBe('mine');
    expect(await claim(outcomes, 'c', claimant(budgets, 'eve'))).toBe('mine');
    expect(await claim(outcomes, 'd', claimant(budgets, 'dan'))).toBe(spent('perHour', 3));
  });

  test('of a race for the last units exactly as many are claimed as are left', async () => {
    const budgets = { [PAIR]: { perDay: 7 } };
    const outcomes = await (await openStore())(budgets);
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, n) => claim(outcomes, `k${n}`, claimant(budgets))),
    );
    expect(claims.filter((result) => result === 'mine')).toHaveLength(7);
  });

  test('a restart keeps what is spent and what came back', async () => {
    const budgets = { [PAIR]: { perDay: 3, perUserPerDay: 3 } };
    const openProcess = await openStore();
    const first = await openProcess(budgets);
    for (const key of ['answered', 'open', 'released'])
      expect(await claim(first, key, claimant(budgets))).toBe('mine');
    await first.settle('answered', { errcode: 0, errmsg: 'ok' });
    await first.release('released');
    await first.close();
    const second = await openProcess(budgets);
    expect(await claim(second, 'last', claimant(budgets))).toBe('mine');
    expect(await claim(second, 'more', claimant(budgets))).toMatch(/is spent/);
  });

  test('the log warns once, when 80 % is spent', async () => {
    // 80 % of it are 8.8.
    const budgets = { [PAIR]: { perHour: 11 } };
    const outcomes = await (await openStore())(budgets);
    const warnings: unknown[] = [];
    const ignore = (): void => {};
    outcomes.logTo?.({ warn: (...words) => warnings.push(words), error: ignore, info: ignore });
    for (let n = 0; n < 8; n++) await claim(outcomes, `k${n}`, claimant(budgets));
    expect(warnings).toEqual([]);
    for (let n = 8; n < 13; n++) await claim(outcomes, `k${n}`, claimant(budgets));
    expect(warnings).toEqual([
      ['80 % of a budget is spent', { budget: 'perHour', of: PAIR, user: undefined, used: 9, max: 11 }],
    ]);
  });
}

test('windows that have ended are dropped from memory, those of now stay', () => {
  const units = new BudgetUnits();
  const log = { error: () => {}, warn: () => {}, info: () => {} };
  const budgets = { [PAIR]: { perUserPerDay: 2 } };
  const spend = (user: string, at: number): void =>
    void units.take(spendingsOf(budgets, { ...ANN, user }), at, log);
  const [now, tomorrow] = [1_700_000_000_000, 1_700_000_000_000 + 24 * HOUR];
  for (let n = 0; n < 9990; n++) spend(`user-${n}`, now);
  const dropped = jest.spyOn(Map.prototype, 'delete');
  spend('ann', tomorrow);
  for (let n = 0; n < 9; n++) spend(`other-${n}`, tomorrow);
  expect(dropped).toHaveBeenCalledTimes(9990);
  dropped.mockRestore();
  spend('ann', tomorrow);
  expect(() => spend('ann', tomorrow)).toThrow('is spent');
});

describe('in the journal', () => {
  const start = async (clock = { ms: 1_700_000_000_000 }) => {
    const path = join(temporaryFolder(), 'outcomes.jsonl');
    return async (budgets: Budgets) => {
      const now = (): number => clock.ms;
      const outcomes = await JournalOutcomes.open(path, { now, elapsed: now, budgets });
      cleanUpAfterTest(() => outcomes.close());
      return outcomes;
    };
  };
  describeBudgets(() => start());

  test('a unit goes back to the hour that it was taken from, over the border of the hour and over a restart', async () => {
    const clock = { ms: Math.ceil(1_700_000_000_000 / HOUR) * HOUR - 1000 };
    const budgets = { [PAIR]: { perHour: 1 } };
    const openProcess = await start(clock);
    const first = await openProcess(budgets);
    expect(await claim(first, 'before', claimant(budgets))).toBe('mine');
    clock.ms += 2000;
    expect(await claim(first, 'after', claimant(budgets))).toBe('mine');
    await first.release('before');
    expect(await claim(first, 'more', claimant(budgets))).toBe(spent('perHour', 1));
    await first.close();
    const second = await openProcess(budgets);
    expect(await claim(second, 'more', claimant(budgets))).toBe(spent('perHour', 1));
    await second.release('after');
    expect(await claim(second, 'more', claimant(budgets))).toBe('mine');
  });

  test('a claim that cannot be written takes nothing', async () => {
    const budgets = { [PAIR]: { perHour: 1 } };
    const outcomes = await (await start())(budgets);
    const append = jest.spyOn(Journal.prototype, 'append').mockRejectedValue(new Error('no space'));
    await expect(outcomes.claim('k', 'h', claimant(budgets))).rejects.toThrow('no space');
    append.mockRestore();
    expect(await claim(outcomes, 'k', claimant(budgets))).toBe('mine');
    expect(await claim(outcomes, 'l', claimant(budgets))).toBe(spent('perHour', 1));
  });
});

describeWithRedis('in Redis', () => {
  const start = async () => {
    const url = await openRedis();
    return async () => {
      const { outcomes } = await openRedisStores({ url });
      cleanUpAfterTest(() => outcomes.close());
      return outcomes;
    };
  };
  describeBudgets(start);

  test('two instances race for the last units: exactly as many are claimed as are left', async () => {
    const budgets = { [PAIR]: { perHour: 9 } };
    const open = await start();
    const instances = [await open(), await open()];
    const claims = await Promise.all(
      Array.from({ length: 60 }, (_, n) => claim(instances[n % 2], `k${n}`, claimant(budgets))),
    );
    expect(claims.filter((result) => result === 'mine')).toHaveLength(9);
  });

  test('a unit goes back to the window that it was taken from; a lost claim takes it again', async () => {
    const budgets = { [PAIR]: { perHour: 5 } };
    const url = await openRedis();
    const { outcomes } = await openRedisStores({ url });
    cleanUpAfterTest(() => outcomes.close());
    const client = new Redis(url);
    cleanUpAfterTest(() => client.quit());
    await claim(outcomes, 'one', claimant(budgets));
    await claim(outcomes, 'two', claimant(budgets));
    const [window] = await client.keys('servicemarket:budget:*');
    expect(await client.get(window)).toBe('2');
    // As if the hour had ended since: the claim names the window.
    const earlier = window.replace(/\d+$/, '1');
    await client.rename(window, earlier);
    await client.hset('servicemarket:call:one', 'b', earlier.replace('servicemarket:budget:', ''));
    await claim(outcomes, 'three', claimant(budgets));
    await outcomes.release('one');
    expect([await client.get(earlier), await client.get(window)]).toEqual(['1', '1']);
    // Lost in a failover, with what it had taken.
    await client.del('servicemarket:call:three', window);
    await outcomes.settle('three', { errcode: 0, errmsg: 'ok' });
    expect(await client.get(window)).toBe('1');
  });
});

describe('in a relay', () => {
  async function open(options: Parameters<typeof openRelay>[0] = {}) {
    const upstream = await openUpstream();
    const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url });
    const budgets = { [PAIR]: { perHour: 2 } };
    return { upstream, ...(await openRelay({ openApi, services, budgets, ...options })) };
  }

  test('what is over a budget is refused with -11 and Retry-After before anything is sent', async () => {
    const { upstream, post, signIn } = await open({ limits: { callsPerHour: 3 } });
    const [ann, bob] = [await signIn('ann'), await signIn('bob')];
    await post('/invoke', call('one'), ann);
    await post('/invoke', call('two'), bob);
    for (let n = 0; n < 5; n++) {
      const reply = await post('/invoke', call('three'), ann);
      const wait = Number(reply.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(3600);
      expect(await refusal(reply, 429, -11)).toContain(`the budget of ${PAIR} is spent ("perHour" is 2)`);
    }
    // A refusal takes nothing of the user's own limit, repeats get their answer, other interfaces go on.
    expect((await post('/invoke', call('one'), ann)).status).toBe(200);
    expect((await post('/invoke', { ...call('four'), api: 'Other' }, ann)).status).toBe(200);
    expect(upstream.bills).toEqual(['one', 'two', 'four']);
  });

  test('what never left gives its unit back, what may have been billed does not', async () => {
    const { upstream, post, signIn } = await open();
    const token = await signIn();
    upstream.replies.set('/cgi-bin/stable_token', () => ({ errcode: 40125, errmsg: 'invalid appsecret' }));
    for (let n = 0; n < 4; n++) await refusal(await post('/invoke', call(`unsent-${n}`), token), 502, -2);
    upstream.replies.clear();
    upstream.replies.set(PATH, () => 'reset');
    for (const id of ['lost-1', 'lost-2'])
      await refusal(await post('/invoke', call(id), token), 502, -2, 'unknown');
    await refusal(await post('/invoke', call('three'), token), 429, -11);
    expect(upstream.count(PATH)).toBe(2);
  });

  test('a budget of a pair that is not listed stops the start', async () => {
    await expect(open({ budgets: { 'wxocr/ocr': { perDay: 1 } } })).rejects.toThrow(
      'option "budgets" has a wrong value. It must be of pairs as "service/api" that "services" lists: wxocr/ocr is not.',
    );
    await expect(open({ budgets: { [PAIR]: { perDay: -1 } } })).rejects.toThrow('perDay is -1');
  });
});

function describeKilled(
  name: string,
  prepare: () => Promise<{ more: object; env: Record<string, string> }>,
): void {
  test(`${name}: a relay that is killed in the middle and started again spends no more than the budget`, async () => {
    const upstream = await openUpstream();
    const { more, env } = await prepare();
    const folder = temporaryFolder();
    const config = { upstream: upstream.url, services, folder, budgets: { [PAIR]: { perDay: 5 } }, ...more };
    const first = await startProcess(config, env);
    const ann = await signInAs(first.url, 'ann');
    for (const id of ['a', 'b']) expect((await ann.invoke(call(id))).status).toBe(200);
    const arrived = upstream.hang(PATH);
    ann.invoke(call('cut')).catch(() => {});
    await arrived;
    await first.kill();
    upstream.replies.clear();
    const second = await startProcess(config, env);
    const bob = await signInAs(second.url, 'bob');
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => (await bob.invoke(call(`k${n}`))).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(8);
    expect(upstream.count(PATH)).toBe(5);
  });
}

describe('killed', () => {
  describeKilled('in a folder', async () => ({ more: {}, env: {} }));
});
describeWithRedis('killed on Redis', () => {
  describeKilled('in Redis', async () => ({ more: { redis: {} }, env: { REDIS_URL: await openRedis() } }));
});
