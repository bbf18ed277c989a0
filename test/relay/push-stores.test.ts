/** Where pushes wait for the owner's hook: the same over a folder and over Redis. */
import { openRedisStores } from '../../src/relay';
import {
  MAX_WAITING_BYTES,
  MAX_WAITING_PUSHES,
  type PushStore,
  type WaitingPush,
} from '../../src/relay/push/push-store';
import { FolderPushes } from '../../src/relay/stores/folder/pushes';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { describeWithRedis, openRedis } from './support/servers';

const push = (n: number, bytes = 0): WaitingPush => ({
  eventId: n.toString(16).padStart(64, '0'),
  isProved: true,
  message: { MsgType: 'text', Content: 'x'.repeat(bytes) },
  at: n,
});

const noLog = { error: () => {}, warn: () => {}, info: () => {} } as never;

async function openStores(url: string) {
  const stores = await openRedisStores({ url });
  cleanUpAfterTest(() => stores.outcomes.close());
  return stores;
}

async function inFolder(): Promise<PushStore> {
  return FolderPushes.open(temporaryFolder(), async () => {}, noLog);
}

function holdsPushes(open: () => Promise<PushStore>): void {
  test('keeps them, the oldest first, each once', async () => {
    const store = await open();
    for (const n of [3, 1, 2]) expect(await store.add(push(n))).toBe(true);
    expect(await store.add({ ...push(2), message: { MsgType: 'other' } })).toBe(true);
    expect(await store.list()).toEqual([push(1), push(2), push(3)]);
  });

  test('claims what is there, and nothing that was removed', async () => {
    const store = await open();
    await store.add(push(1));
    expect(await store.claim(push(1).eventId)).toBe(true);
    expect(await store.claim(push(2).eventId)).toBe(false);
    await store.remove(push(1).eventId);
    await store.remove(push(2).eventId);
    expect(await store.claim(push(1).eventId)).toBe(false);
    expect(await store.list()).toEqual([]);
  });

  test('has no room for more than its number, and has it again when one was removed', async () => {
    const store = await open();
    for (let n = 0; n < MAX_WAITING_PUSHES; n++) expect(await store.add(push(n))).toBe(true);
    expect(await store.add(push(MAX_WAITING_PUSHES))).toBe(false);
    expect(await store.add(push(0))).toBe(true);
    await store.remove(push(7).eventId);
    await store.remove(push(7).eventId);
    expect(await store.add(push(MAX_WAITING_PUSHES))).toBe(true);
    expect(await store.add(push(MAX_WAITING_PUSHES + 1))).toBe(false);
  });

  test('has no room for more than its bytes, and has it again when one was removed', async () => {
    const store = await open();
    const quarter = MAX_WAITING_BYTES / 4;
    for (const n of [1, 2, 3]) expect(await store.add(push(n, quarter))).toBe(true);
    expect(await store.add(push(4, quarter))).toBe(false);
    expect(await store.add(push(5, quarter / 2))).toBe(true);
    await store.remove(push(1).eventId);
    expect(await store.add(push(6, quarter))).toBe(true);
    expect(await store.add(push(7, quarter / 2))).toBe(false);
  });
}

describe('a folder', () => {
  holdsPushes(inFolder);

  test('that is opened again has its pushes and their bytes', async () => {
    const folder = temporaryFolder();
    const first = await FolderPushes.open(folder, async () => {}, noLog);
    const quarter = MAX_WAITING_BYTES / 4;
    for (const n of [1, 2, 3]) await first.add(push(n, quarter));
    const second = await FolderPushes.open(folder, async () => {}, noLog);
    expect((await second.list()).map(({ at }) => at)).toEqual([1, 2, 3]);
    expect(await second.add(push(4, quarter))).toBe(false);
  });
});

describeWithRedis('Redis', () => {
  holdsPushes(async () => (await openStores(await openRedis())).pushes);

  test('gives the right to hand one on to one instance at a time', async () => {
    const url = await openRedis();
    const [one, two] = await Promise.all([openStores(url), openStores(url)]);
    await one.pushes.add(push(1));
    expect(await one.pushes.claim(push(1).eventId)).toBe(true);
    expect(await one.pushes.claim(push(1).eventId)).toBe(true);
    expect(await two.pushes.claim(push(1).eventId)).toBe(false);
  });
});
