/** No two relays work in one folder, wherever their processes run. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenApi } from '../../src/openapi';
import { FolderLock } from '../../src/relay/stores/folder/lock';
import { openUpstream } from './support/fake-upstream';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { openRelay, refusal } from './support/open-relay';
import { until } from '../support/until';

jest.mock('node:fs/promises', () => {
  const real = jest.requireActual<typeof fs>('node:fs/promises');
  return { ...real, open: jest.fn(real.open), rename: jest.fn(real.rename), stat: jest.fn(real.stat) };
});

const real = jest.requireActual<typeof fs>('node:fs/promises');
// A heartbeat is flushed to the disk, which may take long on a busy machine.
const times = { heartbeat: 100, expiry: 1500 };
const IN_USE = 'another relay works in this folder';

async function acquire(folder: string): Promise<FolderLock> {
  const lock = await FolderLock.acquire(folder, times);
  cleanUpAfterTest(() => lock.release());
  return lock;
}

const abandoned = (folder: string) =>
  writeFileSync(join(folder, 'relay-00000000-0000-0000-0000-000000000000.lock'), '7');

test("a folder is one relay's until it gives it back", async () => {
  const folder = join(temporaryFolder(), 'new');
  const first = await acquire(folder);
  await expect(acquire(folder)).rejects.toThrow(`Failed to lock ${folder}: ${IN_USE}`);
  await first.fence();
  await first.release();
  expect(readdirSync(folder)).toEqual([]);
  await (await acquire(folder)).fence();
});

test.each([
  ['nothing', () => {}],
  ['the lock of a killed relay', abandoned],
])('of many at once over %s one gets it', async (_name, prepare) => {
  const folder = temporaryFolder();
  prepare(folder);
  const starts = await Promise.allSettled(Array.from({ length: 8 }, () => acquire(folder)));
  const won = starts.filter(({ status }) => status === 'fulfilled');
  expect(won).toHaveLength(1);
  for (const start of starts) {
    if (start.status === 'rejected') expect(String(start.reason)).toContain(IN_USE);
    else await start.value.fence();
  }
  expect(readdirSync(folder)).toHaveLength(1);
});

test("a killed relay's folder is taken over, whatever process has its id by now", async () => {
  const folder = temporaryFolder();
  abandoned(folder);
  writeFileSync(join(folder, 'outcomes.jsonl.lock'), String(process.pid));
  const lock = await acquire(folder);
  await lock.fence();
});

test('a relay that ends while its heartbeat is waited for leaves the folder to the next', async () => {
  const folder = temporaryFolder();
  abandoned(folder);
  const [name] = readdirSync(folder);
  const waiting = acquire(folder);
  // Well before its heartbeat would be given up.
  await sleep(times.heartbeat);
  rmSync(join(folder, name));
  await (await waiting).fence();
});

test('a relay that was held up until another took its folder finds out before it goes on', async () => {
  const folder = temporaryFolder();
  const first = await acquire(folder);
  const [name] = readdirSync(folder);
  rmSync(join(folder, name));
  await acquire(folder);
  // Within the time that its last look is good for it needs no other.
  const error = await until(() => first.fence().catch((reason: unknown) => reason));
  expect(String(error)).toContain('another relay has taken it');
  await expect(first.fence()).rejects.toThrow('another relay has taken it');
});

/** Nothing else of this process runs meanwhile. */
const holdUp = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('a look from before the relay was held up does not count', async () => {
  const folder = temporaryFolder();
  const first = await acquire(folder);
  const [name] = readdirSync(folder);
  holdUp(times.expiry);
  jest.mocked(fs.stat).mockImplementationOnce(async (path) => {
    const seen = await real.stat(path);
    holdUp(times.expiry);
    rmSync(join(folder, name));
    return seen;
  });
  await expect(first.fence()).rejects.toThrow('another relay has taken it');
});

test('a relay that wakes just as its lock is put aside keeps it', async () => {
  const folder = temporaryFolder();
  const first = await acquire(folder);
  const { file } = first as unknown as { file: fs.FileHandle };
  const write = file.write.bind(file) as (text: string, at: number) => Promise<never>;
  let wake = (): void => {};
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  jest.spyOn(file, 'write').mockImplementation(async (...[text, at]: unknown[]) => {
    await asleep;
    return write(text as string, at as number);
  });
  jest.mocked(fs.rename).mockImplementationOnce(async (from, to) => {
    await real.rename(from, to);
    wake();
    await sleep(times.heartbeat / 2);
  });
  await expect(acquire(folder)).rejects.toThrow(IN_USE);
  await first.fence();
  await sleep(times.expiry);
  await first.fence();
});

test('a lock that cannot be read is no sign that the folder is free', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'relay-00000000-0000-0000-0000-000000000000.lock'));
  await expect(acquire(folder)).rejects.toThrow('EISDIR');
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a relay that cannot write its heartbeat leaves no lock behind', async () => {
  const folder = temporaryFolder();
  jest.mocked(fs.open).mockImplementationOnce(async (...args) => {
    const file = await real.open(...args);
    jest.spyOn(file, 'write').mockRejectedValue(new Error('no space left'));
    return file;
  });
  await expect(acquire(folder)).rejects.toThrow('no space left');
  expect(readdirSync(folder)).toEqual([]);
});

test('a relay whose folder was taken sends nothing, says so, and is not well', async () => {
  const folder = temporaryFolder();
  const upstream = await openUpstream();
  const openApi = createOpenApi({ appid: 'wxapp', secret: 'app-secret', baseUrl: upstream.url });
  const relay = await openRelay({ folder, openApi, services: { s: ['a'] } });
  const token = await relay.signIn();
  const call = { service: 's', api: 'a', client_msg_id: 'id' };
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.lock'));
  rmSync(join(folder, name));
  await until(async () => (await fetch(`${relay.url}/readyz`)).status !== 200);
  await refusal(await relay.post('/invoke', call, token), 503, -2);
  expect(upstream.bills).toEqual([]);
});

test('a relay that is refused has touched nothing of the first', async () => {
  const folder = temporaryFolder();
  await openRelay({ folder });
  const part = join(folder, 'files', 'upload-00000000-0000-0000-0000-000000000000.part');
  writeFileSync(part, 'half');
  await expect(openRelay({ folder })).rejects.toThrow(IN_USE);
  expect(readdirSync(join(folder, 'files'))).toHaveLength(1);
});
