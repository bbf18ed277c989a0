/** What an instance holds to store it again after a change of the Redis master, and how much of it. */
import { RecentOutcomes } from '../../src/relay/stores/redis/recent-outcomes';

const MB = 1024 * 1024;
const outcome = { errcode: 0, errmsg: 'ok', data: 'x' } as never;

function open() {
  const recent = new RecentOutcomes<string>();
  return {
    recent,
    add: (key: string, length = 1) => recent.set(key, `claim of ${key}`, outcome, length),
    held: () => recent.entries().map(([key, entry]) => [key, entry.outcome === 'unknown' ? 'sent' : 'whole']),
  };
}

test('holds what was settled, in that order, with its claim', () => {
  const { recent, add, held } = open();
  for (const key of ['b', 'a', 'c']) add(key);
  add('b');
  expect(held()).toEqual(['a', 'c', 'b'].map((key) => [key, 'whole']));
  expect(recent.get('a')).toBe('claim of a');
  expect(recent.get('d')).toBeUndefined();
});

test('of more than 8 MiB the oldest texts go, and that the calls were sent stays', () => {
  const { add, held } = open();
  for (const key of ['a', 'b', 'c', 'd']) add(key, 2 * MB);
  expect(held().map(([, what]) => what)).toEqual(['whole', 'whole', 'whole', 'whole']);
  add('e', 3 * MB);
  expect(held()).toEqual([
    ['a', 'sent'],
    ['b', 'sent'],
    ['c', 'whole'],
    ['d', 'whole'],
    ['e', 'whole'],
  ]);
});

test('one that is settled anew counts once', () => {
  const { add, held } = open();
  add('a', 7 * MB);
  add('b', 1 * MB);
  for (let n = 0; n < 5; n++) add('a', 7 * MB);
  expect(held()).toEqual([
    ['b', 'whole'],
    ['a', 'whole'],
  ]);
});

test('one that is too large alone is held as sent', () => {
  const { add, held } = open();
  add('a', 8 * MB + 1);
  expect(held()).toEqual([['a', 'sent']]);
  add('b', 8 * MB);
  expect(held()).toEqual([
    ['a', 'sent'],
    ['b', 'whole'],
  ]);
});

test('at most 20,000 are held', () => {
  const { add, held } = open();
  for (let n = 0; n < 20_002; n++) add(`${n}`);
  const keys = held().map(([key]) => key);
  expect([keys.length, keys[0], keys.at(-1)]).toEqual([20_000, '2', '20001']);
});

test('none is held longer than two minutes, and what it took is free again', () => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  const { add, held } = open();
  add('a', 8 * MB);
  now = 120_000;
  expect(held()).toEqual([['a', 'whole']]);
  now = 120_001;
  expect(held()).toEqual([]);
  add('b', 8 * MB);
  expect(held()).toEqual([['b', 'whole']]);
});
