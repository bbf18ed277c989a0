/** A disk that loses what was written, and files of others in the relay's folder: one of them stops nothing else. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { digest } from '../../src/invocation';
import { createPushReader, type PushMessage } from '../../src/openapi';
import { FolderComponentStore, openRedisStores } from '../../src/relay';
import { LocalFileStore } from '../../src/relay/files/local-store';
import { denialId } from '../../src/relay/owners/deny-list';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import { recordPaths } from '../../src/relay/stores/folder/records';
import { UsageFiles } from '../../src/relay/stores/folder/usage-files';
import { composePush } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { command } from '../support/command';
import { temporaryFolder, writeFiles } from '../support/files';
import { until } from '../support/until';
import { ANN } from './support/claimant';
import { openComponent } from './support/open-component';
import { openRelay } from './support/open-relay';
import { describeWithRedis, openRedis } from './support/servers';

const settings = { url: '', token: 'AAAAA', encodingAESKey: 'a'.repeat(42) + 'A' };
const push = { appid: 'wxapp', token: settings.token, encodingAESKey: settings.encodingAESKey };

/** What a file may hold that is not what was written: nothing after a power loss, a part, something else, no object. */
const DAMAGES: [string, string][] = [
  ['0 bytes', ''],
  ['a part of it', '{"eventId":"'],
  ['zeros', '\0'.repeat(64)],
  ['null', 'null'],
  ['another object', '{"until":"x","rows":[{}],"message":null}'],
];

interface Line {
  level: number;
  msg: string;
  file?: string;
  ids?: string[];
}

/** What the log has at error level. */
const errorsOf = ({ log }: { log: string[] }): Line[] =>
  log.map((line) => JSON.parse(line) as Line).filter(({ level }) => level === 50);

const waiting = (id: string, MsgId: number): string =>
  JSON.stringify({
    eventId: id.repeat(64),
    isProved: true,
    message: { MsgType: 'text', MsgId },
    at: Date.now(),
  });

/** A relay over a folder whose pushes that wait go to the owner's hook, and what the hook has got. */
async function openWithHook(folder: string) {
  const seen: PushMessage[] = [];
  const relay = await openRelay({
    folder,
    push,
    onPush: (message) => void seen.push(message),
    now: Date.now,
  });
  return { relay, seen };
}

describe.each(DAMAGES)('a file with %s', (_what, content) => {
  test('among the pushes is set aside, and the others reach the hook', async () => {
    const folder = temporaryFolder({
      [`pushes/${'a'.repeat(64)}.json`]: waiting('a', 1),
      [`pushes/${'b'.repeat(64)}.json`]: content,
      [`pushes/${'c'.repeat(64)}.json`]: waiting('c', 3),
    });
    const { relay, seen } = await openWithHook(folder);
    await until(() => seen.length === 2);
    expect(seen.map(({ MsgId }) => MsgId)).toEqual([1, 3]);
    const [{ msg, file = '' }, ...more] = errorsOf(relay);
    expect([msg, more]).toEqual([expect.stringContaining("does not reach the owner's hook"), []]);
    expect(file).toMatch(new RegExp(`^${folder}/pushes/b{64}\\.json\\.\\d+\\.damaged$`));
    expect(readFileSync(file, 'utf8')).toBe(content);
    await until(() => readdirSync(join(folder, 'pushes')).length === 1);
  });

  test('in the place of a ticket or a token is set aside, and the next one is kept', async () => {
    const folder = temporaryFolder();
    const log: [string, object?][] = [];
    const store = new FolderComponentStore(folder, undefined, { error: (...line) => void log.push(line) });
    const { platform, component } = await openComponent({ store });
    await platform.component.sendTicket();
    writeFileSync(join(folder, `${digest('component:wxcomponent:ticket')}.json`), content);
    await platform.component.sendTicket();
    await platform.component.authorize('wxmerchant');
    expect((await component.forApp('wxmerchant').tokens.get()).value).toMatch(/./);
    expect(log).toEqual([[expect.stringContaining('authorized or adopted again'), expect.any(Object)]]);
    // A refresh token that is lost can be had again.
    writeFileSync(join(folder, `${digest('component:wxcomponent:refresh:wxmerchant')}.json`), content);
    expect(await component.isAuthorized('wxmerchant')).toBe(false);
    await component.adopt('wxmerchant');
    expect((await component.forApp('wxmerchant').tokens.get()).value).toMatch(/./);
    expect(readdirSync(folder).filter((name) => name.endsWith('.damaged'))).toHaveLength(2);
  });

  test('in the place of a denial denies all the same, until it is allowed', async () => {
    const [bob, ann] = ['bob', 'ann'].map((name) => ({ kind: 'user' as const, name }));
    const path = (denial: typeof bob): string => `denied/${denialId(denial)}.json`;
    const folder = temporaryFolder({ [path(bob)]: content, [path(ann)]: JSON.stringify(ann) });
    const relay = await openRelay({ folder });
    const statusOf = async (value: string): Promise<number> =>
      (await relay.post('/session', { credential: { type: 'name', value } })).status;
    expect(await Promise.all(['bob', 'ann', 'eve'].map(statusOf))).toEqual([403, 403, 200]);
    expect(errorsOf(relay)).toEqual([
      expect.objectContaining({ msg: expect.stringContaining('hold all the same'), ids: [denialId(bob)] }),
    ]);
  });

  test('of the sums of a day is set aside, and the day begins anew', async () => {
    const folder = temporaryFolder();
    const { journal, usage } = recordPaths(folder);
    const clock = { ms: Date.parse('2026-11-15T12:00:00Z') };
    const openAt = () => openRelay({ folder, now: () => clock.ms });
    const outcomes = await JournalOutcomes.open(journal, { now: () => clock.ms, elapsed: () => clock.ms });
    const call = { ...ANN, service: 's', api: 'a', id: 'i' };
    await outcomes.claim('k', 'h', call);
    clock.ms += 86_400_000;
    await outcomes.claim('next', 'h', call);
    await outcomes.close();
    writeFiles(usage, { '2026-11-15.json': content, '2026-11-14.json': content });
    const file = join(folder, 'relay.json');
    writeFileSync(file, JSON.stringify({ users: { wx: true }, folder: '.' }));
    const sums = () => command('relay', 'usage', '--config', file, '--json', '--lang', 'en');
    // Read beside a relay, nothing is changed.
    const before = await sums();
    expect(JSON.parse(before.out).usage).toMatchObject([{ calls: 2 }]);
    expect(before.err.match(/Warning: .*2026-11-1[45]\.json is damaged/g)).toHaveLength(2);
    // The relay has to add to the day when its calls leave the journal.
    const relay = await openAt();
    expect(errorsOf(relay)).toMatchObject([
      { file: expect.stringMatching(/2026-11-15\.json\.\d+\.damaged$/) },
    ]);
    await relay.app.close();
    expect(JSON.parse((await sums()).out).usage).toMatchObject([{ calls: 2 }]);
    expect(JSON.parse(readFileSync(join(usage, '2026-11-15.json'), 'utf8')).rows).toMatchObject([
      { calls: 1 },
    ]);
    expect(readFileSync(errorsOf(relay)[0].file as string, 'utf8')).toBe(content);
  });

  test('in the place of the secret of file ids is set aside, and another one is made', async () => {
    const folder = temporaryFolder({ 'file-secret': content });
    const relay = await openRelay({ folder });
    expect(errorsOf(relay)).toMatchObject([{ file: expect.stringMatching(/file-secret\.\d+\.damaged$/) }]);
    const secret = readFileSync(join(folder, 'file-secret'));
    expect(secret).toHaveLength(32);
    await relay.app.close();
    await openRelay({ folder });
    expect(readFileSync(join(folder, 'file-secret'))).toEqual(secret);
  });
});

test('what others have put among the pushes stays where it is, and what a crash left half-written is removed', async () => {
  const mine = 'a'.repeat(64);
  const folder = temporaryFolder({
    [`pushes/${mine}.json`]: waiting('a', 1),
    [`pushes/${mine}.json.123.0.new`]: '{"eventId"',
    'pushes/notes.txt': 'by hand',
    'pushes/folder/of-others': '',
    [`pushes/${'b'.repeat(64)}.json/of-others`]: '',
  });
  const { relay, seen } = await openWithHook(folder);
  await until(() => readdirSync(join(folder, 'pushes')).length === 3);
  expect(seen).toHaveLength(1);
  expect(readdirSync(join(folder, 'pushes')).sort()).toEqual([
    expect.stringMatching(/^b{64}\.json\.\d+\.damaged$/),
    'folder',
    'notes.txt',
  ]);
  expect(errorsOf(relay)).toHaveLength(1);
});

test('a denial that may not be read, as that of another user of the machine, denies all the same', async () => {
  const [bob, ann] = ['bob', 'ann'].map((name) => ({ kind: 'user' as const, name }));
  const folder = temporaryFolder({ [`denied/${denialId(ann)}.json`]: JSON.stringify(ann) });
  const path = join(folder, 'denied', `${denialId(bob)}.json`);
  // Nobody can read it, whoever runs the test.
  symlinkSync(path, path);
  const relay = await openRelay({ folder });
  const statusOf = async (value: string): Promise<number> =>
    (await relay.post('/session', { credential: { type: 'name', value } })).status;
  expect(await Promise.all(['bob', 'ann', 'eve'].map(statusOf))).toEqual([403, 403, 200]);
});

test('a folder of others among the sums of days stays, and the journal is rewritten', async () => {
  const folder = temporaryFolder();
  const { journal, usage } = recordPaths(folder);
  const clock = { ms: Date.parse('2026-11-15T12:00:00Z') };
  const openAt = () =>
    JournalOutcomes.open(journal, {
      now: () => clock.ms,
      elapsed: () => clock.ms,
      usage: new UsageFiles(usage, 92, () => {}),
    });
  const outcomes = await openAt();
  const call = { ...ANN, service: 's', api: 'a', id: 'i' };
  await outcomes.claim('first', 'h', call);
  clock.ms += 86_400_000;
  await outcomes.claim('next', 'h', call);
  await outcomes.close();
  writeFiles(usage, { '2020-01-01.json/of-others': '' });
  await (await openAt()).close();
  expect(readdirSync(usage).sort()).toEqual(['2020-01-01.json', '2026-11-15.json']);
  expect(readFileSync(journal, 'utf8')).not.toContain('"first"');
});

test('a push that is damaged is taken again when the platform sends it again', async () => {
  const folder = temporaryFolder();
  const once = composePush({ MsgType: 'text', MsgId: 7 }, 'wxapp', settings);
  const { eventId } = createPushReader(push).read(once.query, once.body);
  const path = join(folder, 'pushes', `${eventId}.json`);
  mkdirSync(join(folder, 'pushes'));
  writeFileSync(path, '');
  const onPush = (): never => {
    throw new Error('down');
  };
  const relay = await openRelay({ folder, push, onPush, now: Date.now });
  const answer = await fetch(`${relay.url}/push?${new URLSearchParams(once.query)}`, {
    method: 'POST',
    body: once.body,
  });
  expect(await answer.text()).toBe('success');
  // A relay that is killed now finds it again.
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ eventId, message: { MsgId: 7 } });
});

test('an upload that has lost its bytes is not served, and an empty one is', async () => {
  const relay = await openRelay();
  const token = await relay.signIn();
  const urlOf = async (body: string): Promise<string> =>
    ((await (await relay.send(body, token, 'text/plain')).json()) as { url: string }).url;
  const [full, empty] = [await urlOf('a file'), await urlOf('')];
  expect([(await fetch(full)).status, (await fetch(empty)).status]).toEqual([200, 200]);
  const folder = join(relay.folder, 'files');
  for (const name of relay.files()) truncateSync(join(folder, name));
  const head = { method: 'HEAD' };
  const opened = jest.spyOn(LocalFileStore.prototype, 'get');
  expect([(await fetch(full)).status, (await fetch(full, head)).status]).toEqual([404, 404]);
  expect([(await fetch(empty)).status, (await fetch(empty, head)).status]).toEqual([200, 200]);
  expect(errorsOf(relay)[0].msg).toContain('lost its bytes');
  const files = await Promise.all(
    opened.mock.results.map(({ value }) => value as ReturnType<LocalFileStore['get']>),
  );
  expect(files).toHaveLength(2);
  await until(() => files.every((file) => file?.stream.destroyed), 'both files were closed');
});

test('a file that cannot be removed does not keep those that have expired', async () => {
  const keyOf = (letter: string): string => `0000000001-${letter.repeat(64)}`;
  const folder = temporaryFolder({ [keyOf('b')]: '', [`${keyOf('a')}/of-others`]: '', [keyOf('c')]: '' });
  const store = await LocalFileStore.open(folder);
  await expect(store.sweep(2)).rejects.toMatchObject({ path: join(folder, keyOf('a')) });
  expect(readdirSync(folder)).toEqual([keyOf('a')]);
});

test("a folder that cannot be read, as the system's own on a disk, does not keep the relay from starting", async () => {
  const folder = temporaryFolder({ 'lost+found/of-others': '' });
  const { readdir } = fs;
  const reading = jest.spyOn(fs, 'readdir').mockImplementation((async (path: string, options = {}) => {
    // A listing of everything below fails at the first that it may not read.
    const { recursive } = options as { recursive?: boolean };
    if (!recursive && !path.includes('lost+found')) return readdir(path, options);
    throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
  }) as never);
  cleanUpAfterTest(() => reading.mockRestore());
  const relay = await openRelay({ folder });
  expect((await relay.send('a file', await relay.signIn(), 'text/plain')).status).toBe(200);
});

describeWithRedis('over Redis', () => {
  test.each(DAMAGES)(
    'a push with %s stays, is reported once, and the others are listed',
    async (_what, content) => {
      const url = await openRedis();
      const { pushes, outcomes } = await openRedisStores({ url });
      cleanUpAfterTest(() => outcomes.close());
      const errors: string[] = [];
      outcomes.logTo?.({ error: (message) => void errors.push(message), warn() {}, info() {} });
      const kept = { eventId: 'a'.repeat(64), isProved: true, message: { MsgId: 1 }, at: 1 };
      await pushes.add(kept);
      const client = new Redis(url);
      cleanUpAfterTest(() => client.quit());
      await client.hset('servicemarket:pushes', 'b'.repeat(64), content);
      expect([await pushes.list(), await pushes.list()]).toEqual([[kept], [kept]]);
      expect(errors).toEqual([expect.stringContaining('a damaged push was found')]);
    },
  );
});
