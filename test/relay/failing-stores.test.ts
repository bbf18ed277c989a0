/** Stores that fail: what is said of the bill, and what is made up for when they are back. */
import { createOpenApi } from '../../src/openapi';
import { type Outcomes, type RelayOptions } from '../../src/relay';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import { MemoryCounters, MemorySessions } from '../../src/relay/stores/memory';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openUpstream } from './support/fake-upstream';
import { temporaryFolder } from '../support/files';
import { openRelay, refusal } from './support/open-relay';
import { until } from '../support/until';

const call = { service: 's', api: 'a', data: '{"a":1}', client_msg_id: 'id', async: true };
const PATH = '/wxa/servicemarket';

type Stores = Required<Pick<NonNullable<RelayOptions['stores']>, 'sessions' | 'counters' | 'outcomes'>>;

/** A relay whose stores can be made to fail by the names of their methods. */
async function open(options: Partial<RelayOptions> = {}) {
  const upstream = await openUpstream();
  const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url });
  const failing = new Set<string>();
  const failed: string[] = [];
  const breakable = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name: string) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          if (!failing.has(name)) return method.apply(target, args) as unknown;
          failed.push(name);
          throw new Error('the store is away');
        };
      },
    });
  const now = Date.now;
  const outcomes: Outcomes = await JournalOutcomes.open(join(temporaryFolder(), 'o'));
  const stores: Stores = {
    sessions: breakable(new MemorySessions(now)),
    counters: breakable(new MemoryCounters(now)),
    outcomes: breakable(outcomes),
  };
  const relay = await openRelay({
    stores,
    openApi,
    services: { s: ['a'] },
    limits: { callsPerHour: 2 },
    ...options,
  });
  const token = await relay.signIn();
  return { upstream, relay, token, failing, failed, invoke: () => relay.post('/invoke', call, token) };
}

test.each([
  ['sessions', ['find']],
  ['outcomes, whose calls are given back to the limit,', ['claim']],
  ['limits that also cannot be given back', ['claim', 'giveBack']],
])('while %s cannot be used nothing is sent, and that is said', async (_name, methods) => {
  const { upstream, invoke, failing } = await open();
  for (const method of methods) failing.add(method);
  const isCounted = methods.includes('giveBack');
  for (let i = 0; i < (isCounted ? 1 : 3); i++) await refusal(await invoke(), 503, -2);
  expect(upstream.count(PATH)).toBe(0);
  failing.clear();
  expect((await invoke()).status).toBe(200);
});

test('a repeat that cannot wait for the first is told that it may be billed', async () => {
  const { invoke, failing, upstream } = await open();
  upstream.replies.set(PATH, () => 'reset');
  failing.add('settle');
  await refusal(await invoke(), 502, -2, 'unknown');
  failing.add('wait');
  await refusal(await invoke(), 503, -2, 'unknown');
});

test('a paid task whose owner and outcome cannot be stored is given, and stored when they can', async () => {
  const { upstream, relay, token, invoke, failing, failed } = await open();
  failing.add('setOwner').add('settle');
  const reply = await invoke();
  expect(reply.status).toBe(200);
  const { request_id } = (await reply.json()) as { request_id: string };
  const ask = () => relay.post('/retrieve', { request_id }, token);
  await refusal(await ask(), 404, -1);
  // Not the first repetition either.
  await until(() => failed.length >= 4);
  failing.clear();
  await until(async () => (await ask()).status === 200);
  await until(async () => (await invoke()).status === 200);
  expect(upstream.bills).toEqual(['id']);
  expect(relay.log.join('')).toMatch(
    /stored an owner after all[^]*stored an outcome after all|stored an outcome after all[^]*stored an owner after all/,
  );
});

test('what is still not stored when the relay stops is tried once more, and told', async () => {
  const { relay, invoke, failing, failed } = await open();
  failing.add('settle');
  expect((await invoke()).status).toBe(200);
  await relay.app.close();
  expect(failed).toEqual(['settle', 'settle']);
  expect(relay.log.join('')).toContain('gave up storing an outcome');
});

test('an earlier outcome that is stored late does not take the place of a later one', async () => {
  const { upstream, invoke, failing, failed } = await open({ upstreamIdempotent: true });
  upstream.replies.set(PATH, (_request, count) =>
    count === 1 ? { errcode: -11, errmsg: 'too often' } : undefined,
  );
  failing.add('settle');
  expect(await (await invoke()).json()).toMatchObject({ errcode: -11 });
  expect(failed).toEqual(['settle']);
  failing.clear();
  const paid: unknown = await (await invoke()).json();
  expect(paid).toMatchObject({ errcode: 0 });
  // Longer than the first pause before a retry.
  await sleep(700);
  expect(await (await invoke()).json()).toEqual(paid);
  expect(upstream.count(PATH)).toBe(2);
});
