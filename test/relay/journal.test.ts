import { appendFileSync, constants, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal } from '../../src/relay/stores/folder/journal';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { ANN } from './support/claimant';

const DAY = 86_400_000;
const reply = (data: string) => ({ errcode: 0, errmsg: 'ok', data });

async function open(path = join(temporaryFolder(), 'o.jsonl'), clock = { ms: DAY }) {
  const outcomes = await JournalOutcomes.open(path, { now: () => clock.ms, elapsed: () => clock.ms });
  cleanUpAfterTest(() => outcomes.close());
  const withoutChecksum = (line: string): string => line.slice(9);
  const lines = () => readFileSync(path, 'utf8').split('\n').filter(Boolean).map(withoutChecksum);
  return { outcomes, path, clock, lines };
}

describe('outcomes in a file', () => {
  test('an intent is on the disk before the claim returns, an outcome before settle does', async () => {
    const { outcomes, lines } = await open();
    expect(await outcomes.claim('k', 'h', ANN)).toBeUndefined();
    expect(lines()).toEqual([
      `{"t":"intent","k":"k","h":"h","at":${DAY},"u":"digest-of-ann","s":"wxocr","a":"Ocr","i":"id-1"}`,
    ]);
    await outcomes.settle('k', reply('x'));
    expect(lines()).toHaveLength(2);
    expect(await outcomes.find('k')).toEqual({ hash: 'h', outcome: reply('x') });
  });

  test('of many claims at once one wins', async () => {
    const { outcomes } = await open();
    const claims = await Promise.all(Array.from({ length: 50 }, (_, i) => outcomes.claim('k', `h${i}`, ANN)));
    expect(claims.filter((claim) => claim === undefined)).toHaveLength(1);
    expect(claims[1]).toEqual({ hash: 'h0' });
  });

  test('a process that is killed at any byte of its last line loses nothing that it had confirmed', async () => {
    const { outcomes, path } = await open();
    for (const k of ['a', 'b', 'c']) await outcomes.claim(k, 'h', ANN);
    await outcomes.settle('a', reply('你好'));
    await outcomes.release('c');
    await outcomes.settle('b', 'unknown');
    await outcomes.close();
    const whole = readFileSync(path);
    const last = '3f2a77c1 {"t":"intent","k":"d","h":"h","at":1}';
    for (let cut = 0; cut < last.length; cut++) {
      writeFileSync(path, Buffer.concat([whole, Buffer.from(last.slice(0, cut))]));
      const next = await open(path);
      expect(await next.outcomes.find('a')).toEqual({ hash: 'h', outcome: reply('你好') });
      expect(await next.outcomes.find('b')).toEqual({ hash: 'h', outcome: 'unknown' });
      expect(await next.outcomes.find('c')).toBeUndefined();
      expect(await next.outcomes.find('d')).toBeUndefined();
      expect(await next.outcomes.claim('d', 'h', ANN)).toBeUndefined();
      await next.outcomes.close();
    }
  });

  test('one changed bit of a line stops the start: it could hide an intent', async () => {
    const { outcomes, path } = await open();
    await outcomes.claim('a', 'h', ANN);
    await outcomes.claim('b', 'h', ANN);
    await outcomes.close();
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1;
      writeFileSync(path, changed);
      const start = open(path).then(
        // The last newline ends no line any more: that is a line that was cut off.
        ({ outcomes: next }) => next.close().then(() => (at === bytes.length - 1 ? 'damaged' : 'started')),
        (error: Error) =>
          error.message.includes('is damaged. Restore the file') ? 'damaged' : error.message,
      );
      expect([at, await start]).toEqual([at, 'damaged']);
    }
  });

  test.each(['garbage', 'null', '5', '00000000 {}'])(
    'a damaged line %s stops the start and says what to do: it could hide an intent',
    async (line) => {
      const { outcomes, path } = await open();
      await outcomes.claim('a', 'h', ANN);
      await outcomes.close();
      const size = statSync(path).size;
      appendFileSync(path, `${line}\n`);
      await expect(open(path)).rejects.toThrow(
        `Failed to read ${path}: the line at byte ${size} is damaged.`,
      );
    },
  );

  test('everything ends after 24 hours, and the next start drops it from the file', async () => {
    const { outcomes, path, clock, lines } = await open();
    await outcomes.claim('old', 'h', ANN);
    await outcomes.setOwner('R', 'ann');
    clock.ms += DAY - 1;
    await outcomes.claim('new', 'h', ANN);
    expect(await outcomes.find('old')).toBeDefined();
    expect(await outcomes.isOwner('R', 'ann')).toBe(true);
    expect([await outcomes.hasOwner('R'), await outcomes.hasOwner('other')]).toEqual([true, false]);
    clock.ms += 1;
    expect(await outcomes.find('old')).toBeUndefined();
    expect(await outcomes.isOwner('R', 'ann')).toBe(false);
    expect(await outcomes.claim('old', 'other', ANN)).toBeUndefined();
    clock.ms += DAY - 2;
    await outcomes.close();
    const next = await open(path, clock);
    expect(lines()).toHaveLength(2);
    expect(await next.outcomes.find('old')).toEqual({ hash: 'other' });
  });

  test('a clock that is far ahead at a start takes nothing away for good', async () => {
    const { outcomes, path, clock } = await open();
    await outcomes.claim('k', 'h', ANN);
    await outcomes.close();
    await (await open(path, { ms: clock.ms + 30 * DAY })).outcomes.close();
    const next = await open(path, clock);
    expect(await next.outcomes.claim('k', 'h', ANN)).toEqual({ hash: 'h' });
  });

  test('owners are kept over a restart, in digests only', async () => {
    const { outcomes, path, clock } = await open();
    await outcomes.setOwner('REQUEST', 'USER');
    await outcomes.close();
    expect(readFileSync(path, 'utf8')).not.toMatch(/REQUEST|USER/);
    const next = await open(path, clock);
    expect(await next.outcomes.isOwner('REQUEST', 'USER')).toBe(true);
    expect(await next.outcomes.isOwner('REQUEST', 'other')).toBe(false);
  });

  test('a file that grows is rewritten while calls go on, and every outcome stays', async () => {
    const { outcomes, path, clock } = await open();
    const big = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 15; i++) {
      await outcomes.claim(`old${i}`, 'h', ANN);
      await outcomes.settle(`old${i}`, reply(big));
    }
    clock.ms += DAY;
    // With this one the file is large enough.
    await outcomes.claim('last', 'h', ANN);
    await outcomes.settle('last', reply(big));
    await outcomes.claim('before', 'h', ANN);
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await outcomes.claim(`k${i}`, 'h', ANN);
        await outcomes.settle(`k${i}`, reply(`answer ${i}`));
        expect(await outcomes.find(`k${i}`)).toEqual({ hash: 'h', outcome: reply(`answer ${i}`) });
      }),
    );
    await outcomes.settle('before', reply('late'));
    await outcomes.close();
    expect(statSync(path).size).toBeLessThan(2 * 1024 * 1024);
    const next = await open(path, clock);
    for (let i = 0; i < 20; i++)
      expect((await next.outcomes.find(`k${i}`))?.outcome).toEqual(reply(`answer ${i}`));
    expect((await next.outcomes.find('before'))?.outcome).toEqual(reply('late'));
  });
});

test("a file that has become another process's is not written, and no claim in it counts", async () => {
  const path = join(temporaryFolder(), 'j');
  let taken = false;
  const fence = async () => {
    if (taken) throw new Error('taken');
  };
  const outcomes = await JournalOutcomes.open(path, { now: () => DAY, fence });
  cleanUpAfterTest(() => outcomes.close());
  await outcomes.claim('a', 'h', ANN);
  const before = readFileSync(path, 'utf8');
  taken = true;
  await expect(outcomes.claim('b', 'h', ANN)).rejects.toThrow('taken');
  await expect(outcomes.check()).rejects.toThrow('taken');
  expect(readFileSync(path, 'utf8')).toBe(before);
  taken = false;
  expect(await outcomes.claim('b', 'h', ANN)).toBeUndefined();
});

test('a line is past the cache of the system when append returns, also in a rewritten file', async () => {
  const journal = await Journal.open(join(temporaryFolder(), 'j'), () => {});
  cleanUpAfterTest(() => journal.close());
  const expectSynced = async (): Promise<void> => {
    const file = Reflect.get(journal, 'file') as FileHandle;
    const datasync = jest.spyOn(file, 'datasync');
    await journal.append('line');
    if (process.platform !== 'linux') expect(datasync).toHaveBeenCalled();
    else {
      const [, flags] = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${file.fd}`, 'utf8')) ?? [];
      expect(parseInt(flags, 8) & constants.O_DSYNC).toBe(constants.O_DSYNC);
    }
  };
  await expectSynced();
  await journal.rewrite(async function* () {
    yield { line: 'kept' };
  });
  await expectSynced();
});

test('a line that cannot be written is an error, and leaves no half line', async () => {
  const path = join(temporaryFolder(), 'j');
  const journal = await Journal.open(path, () => {});
  cleanUpAfterTest(() => journal.close().catch(() => {}));
  await journal.append('first');
  const file = Reflect.get(journal, 'file') as FileHandle;
  const { write } = file;
  file.write = async (bytes: unknown): Promise<never> => {
    await write.call(file, String(bytes).slice(0, 5));
    throw new Error('no space');
  };
  await expect(Promise.all([journal.append('second'), journal.append('third')])).rejects.toThrow('no space');
  file.write = write;
  const place = await journal.append('fourth');
  expect(readFileSync(path, 'utf8').replace(/^\S+ /gm, '')).toBe('first\nfourth\n');
  expect(await journal.read(() => place)).toBe('fourth');
});

test('a file that is moved away while the relay runs is noticed before a call counts on it', async () => {
  const path = join(temporaryFolder(), 'j');
  const outcomes = await JournalOutcomes.open(path);
  cleanUpAfterTest(() => outcomes.close());
  await outcomes.claim('a', 'h', ANN);
  renameSync(path, `${path}.moved`);
  await expect(outcomes.claim('b', 'h', ANN)).rejects.toThrow(
    'the file was moved or removed while the relay runs',
  );
  await expect(outcomes.check()).rejects.toThrow('was moved or removed');
  writeFileSync(path, '');
  await expect(outcomes.claim('b', 'h', ANN)).rejects.toThrow('was moved or removed');
  renameSync(`${path}.moved`, path);
  expect(await outcomes.claim('b', 'h', ANN)).toBeUndefined();
  await outcomes.check();
});

test('a wall clock that jumps ahead and back forgets nothing within a process', async () => {
  const path = join(temporaryFolder(), 'j');
  const [wall, steady] = [{ ms: DAY }, { ms: 0 }];
  const outcomes = await JournalOutcomes.open(path, { now: () => wall.ms, elapsed: () => steady.ms });
  cleanUpAfterTest(() => outcomes.close());
  await outcomes.claim('before', 'h', ANN);
  wall.ms += 30 * DAY;
  expect(await outcomes.claim('before', 'h', ANN)).toEqual({ hash: 'h' });
  await outcomes.claim('ahead', 'h', ANN);
  wall.ms = DAY - 30 * DAY;
  await outcomes.claim('back', 'h', ANN);
  wall.ms = DAY;
  for (const key of ['before', 'ahead', 'back'])
    expect(await outcomes.claim(key, 'h', ANN)).toEqual({ hash: 'h' });
  // Nor does the next start forget, whose clock is right.
  await outcomes.close();
  const next = await JournalOutcomes.open(path, { now: () => 2 * DAY - 1 });
  cleanUpAfterTest(() => next.close());
  for (const key of ['before', 'ahead', 'back']) expect(await next.find(key)).toEqual({ hash: 'h' });
});

test('in a file that has its size, large outcomes are kept as "unknown", and the log says so', async () => {
  const outcomes = await JournalOutcomes.open(join(temporaryFolder(), 'j'), { maxBytes: 10_000 });
  cleanUpAfterTest(() => outcomes.close());
  const log: object[] = [];
  const ignore = (): void => {};
  outcomes.logTo({ error: (_message, details) => log.push(details ?? {}), warn: ignore, info: ignore });
  for (const [key, size] of [
    ['first', 5000],
    ['large', 5000],
    ['small', 3000],
  ] as const) {
    await outcomes.claim(key, 'h', ANN);
    await outcomes.settle(key, { ...reply('x'.repeat(size)), request_id: key });
  }
  expect((await outcomes.find('first'))?.outcome).toMatchObject({ errcode: 0 });
  expect((await outcomes.find('large'))?.outcome).toBe('unknown');
  expect((await outcomes.find('small'))?.outcome).toMatchObject({ errcode: 0 });
  expect(log).toEqual([{ call: 'large', request_id: 'large', bytes: expect.any(Number) }]);
});

test('a check writes, and leaves nothing of it, though it fails and cannot be taken back at once', async () => {
  const path = join(temporaryFolder(), 'j');
  const journal = await Journal.open(path, () => {});
  cleanUpAfterTest(() => journal.close().catch(() => {}));
  await journal.append('first');
  const before = readFileSync(path, 'utf8');
  const file = Reflect.get(journal, 'file') as FileHandle;
  const { write, truncate } = file;
  let written = 0;
  file.truncate = (to) => {
    written = statSync(path).size;
    return truncate.call(file, to);
  };
  await journal.check();
  expect(written).toBeGreaterThan(before.length);
  expect(readFileSync(path, 'utf8')).toBe(before);

  file.write = () => Promise.reject(new Error('no space'));
  file.truncate = () => Promise.reject(new Error('no answer'));
  await expect(journal.check()).rejects.toThrow('no answer');
  await expect(journal.append('second')).rejects.toThrow('no answer');
  Object.assign(file, { write, truncate });
  await journal.append('third');
  expect(readFileSync(path, 'utf8').replace(/^\S+ /gm, '')).toBe('first\nthird\n');
});

test('an outcome of more than 32 MiB is kept as "unknown" in a file of any size', async () => {
  const { outcomes } = await open();
  await outcomes.claim('k', 'h', ANN);
  await outcomes.settle('k', reply('x'.repeat(32 * 1024 * 1024)));
  expect((await outcomes.find('k'))?.outcome).toBe('unknown');
});
