/** Rewriting the journal without what has expired: fast, and calls go on meanwhile. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeLine } from '../../src/relay/stores/folder/lines';
import { Journal } from '../../src/relay/stores/folder/journal';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';
import { ANN } from './support/claimant';

const DAY = 86_400_000;
const reply = (data: string) => ({ errcode: 0, errmsg: 'ok', data });

/** Without their checksums. */
const linesOf = (path: string): string => readFileSync(path, 'utf8').replace(/^\S+ /gm, '');

async function open(path: string) {
  const journal = await Journal.open(path, () => {});
  cleanUpAfterTest(() => journal.close().catch(() => {}));
  return journal;
}

/** A rewrite to one line that stands still until it is let go on. */
function rewriteSlowly(journal: Journal): { goOn: () => void; done: Promise<void> } {
  let goOn = (): void => {};
  const waiting = new Promise<void>((resolve) => (goOn = resolve));
  const done = journal.rewrite(async function* () {
    yield { line: 'kept' };
    await waiting;
  });
  return { goOn, done };
}

test('20,000 kept calls are read and written in pieces', async () => {
  const path = join(temporaryFolder(), 'j');
  const line = (i: number): string =>
    [
      `{"t":"intent","k":"${i}","h":"${'x'.repeat(64)}","at":${DAY}}`,
      `{"t":"outcome","k":"${i}","o":{"errcode":0,"data":"${i}"}}`,
    ]
      .map((text) => String(encodeLine(text)))
      .join('');
  appendFileSync(path, Array.from({ length: 20_000 }, (_, i) => line(i)).join(''));
  const before = readFileSync(path, 'utf8');
  const journal = await open(path);
  const files = Object.getPrototypeOf(Reflect.get(journal, 'file')) as FileHandle;
  const counts = [jest.spyOn(files, 'read'), jest.spyOn(files, 'write')];
  cleanUpAfterTest(() => jest.restoreAllMocks());
  const outcomes = await JournalOutcomes.open(path, { now: () => DAY });
  cleanUpAfterTest(() => outcomes.close());
  for (const { mock } of counts) expect(mock.calls.length).toBeLessThan(20);
  expect(readFileSync(path, 'utf8')).toBe(before);
  for (const i of [0, 9_999, 19_999])
    expect((await outcomes.find(String(i)))?.outcome).toEqual({ errcode: 0, data: String(i) });
});

test('lines are appended and read while it goes on, and follow what was kept', async () => {
  const path = join(temporaryFolder(), 'j');
  const journal = await open(path);
  const old = await journal.append('old');
  const { goOn, done } = rewriteSlowly(journal);
  const places = [await journal.append('first'), await journal.append('second')];
  expect(await journal.read(() => old)).toBe('old');
  expect(await journal.read(() => places[1])).toBe('second');
  goOn();
  await done;
  expect(linesOf(path)).toBe('kept\nfirst\nsecond\n');
  const third = await journal.append('third');
  for (const [place, text] of [
    [places[0], 'first'],
    [places[1], 'second'],
    [third, 'third'],
  ] as const)
    expect(await journal.read(() => place)).toBe(text);
});

test('it is given up when a line cannot be written meanwhile: what was kept may count on it', async () => {
  const path = join(temporaryFolder(), 'j');
  const journal = await open(path);
  await journal.append('old');
  const { goOn, done } = rewriteSlowly(journal);
  const file = Reflect.get(journal, 'file') as { write: () => Promise<void> };
  file.write = () => Promise.reject(new Error('no space'));
  await expect(journal.append('lost')).rejects.toThrow('no space');
  Reflect.deleteProperty(file, 'write');
  goOn();
  await expect(done).rejects.toThrow('a line could not be written meanwhile');
  await journal.append('new');
  expect(linesOf(path)).toBe('old\nnew\n');
  await journal.rewrite(async function* () {
    yield { line: 'again' };
  });
});

test('calls that are claimed, settled and released meanwhile are as they were after a restart', async () => {
  const path = join(temporaryFolder(), 'j');
  const outcomes = await JournalOutcomes.open(path, { now: () => DAY });
  cleanUpAfterTest(() => outcomes.close());
  for (const key of ['settled before', 'settled meanwhile', 'settled again', 'released'])
    await outcomes.claim(key, 'h', ANN);
  await outcomes.settle('settled before', reply('1'));
  await outcomes.settle('settled again', 'unknown');
  const whole = Journal.prototype.rewrite;
  let goOn = (): void => {};
  const copied = new Promise<void>((reached) => {
    jest.spyOn(Journal.prototype, 'rewrite').mockImplementation(function (this: Journal, keep) {
      return whole.call(this, async function* (read) {
        yield* keep(read);
        await new Promise<void>((resolve) => {
          goOn = resolve;
          reached();
        });
      });
    });
  });
  cleanUpAfterTest(() => jest.restoreAllMocks());
  // More than is kept without a rewrite.
  await outcomes.claim('big', 'h', ANN);
  await outcomes.settle('big', reply('x'.repeat(17 * 1024 * 1024)));
  await copied;
  await outcomes.settle('settled meanwhile', reply('2'));
  await outcomes.settle('settled again', reply('3'));
  await outcomes.release('released');
  await outcomes.claim('new', 'h', ANN);
  await outcomes.setOwner('R', 'ann');
  const expected = {
    'settled before': reply('1'),
    'settled meanwhile': reply('2'),
    'settled again': reply('3'),
    new: undefined,
  };
  const check = async (one: JournalOutcomes): Promise<void> => {
    for (const [key, outcome] of Object.entries(expected))
      expect(await one.find(key)).toEqual({ hash: 'h', outcome });
    expect(await one.find('released')).toBeUndefined();
    expect(await one.isOwner('R', 'ann')).toBe(true);
  };
  await check(outcomes);
  goOn();
  await until(() => !existsSync(`${path}.new`));
  await check(outcomes);
  await outcomes.close();
  jest.restoreAllMocks();
  const next = await JournalOutcomes.open(path, { now: () => DAY });
  cleanUpAfterTest(() => next.close());
  await check(next);
});

test('one that fails is not begun again at each line', async () => {
  const outcomes = await JournalOutcomes.open(join(temporaryFolder(), 'o'));
  cleanUpAfterTest(() => outcomes.close());
  const rewrite = jest.spyOn(Journal.prototype, 'rewrite').mockRejectedValue(new Error('no space left'));
  await outcomes.claim('key', 'hash', ANN);
  for (let i = 0; i < 17; i++) await outcomes.settle('key', reply('x'.repeat(1024 * 1024)));
  const before = rewrite.mock.calls.length;
  expect(before).toBeGreaterThan(0);
  for (let i = 0; i < 20; i++) await outcomes.settle('key', reply('x'));
  expect(rewrite).toHaveBeenCalledTimes(before);
  await outcomes.settle('key', reply('x'.repeat(1024 * 1024)));
  await outcomes.settle('key', reply('x'));
  expect(rewrite.mock.calls.length).toBeGreaterThan(before);
});
