/** `relay deny` and `relay allow`, as they ship, beside running relays. */
import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLI } from '../support/built';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';
import { DenyList } from '../../src/relay/owners/deny-list';
import { Redis } from 'ioredis';
import { RedisDenials } from '../../src/relay/stores/redis/denials';
import { FolderDenials } from '../../src/relay/stores/folder/denials';
import { openUpstream } from './support/fake-upstream';
import { refusal } from './support/open-relay';
import { signInAs, startProcess } from './support/relay-process';
import { describeWithRedis, openRedis } from './support/servers';

const services = { wxocr: ['Ocr'], wxtts: ['Speak'] };
const ocr = (id: string) => ({ service: 'wxocr', api: 'Ocr', data: '{}', client_msg_id: id });
const tts = (id: string) => ({ service: 'wxtts', api: 'Speak', data: '{}', client_msg_id: id });
/** In which every running relay must follow. */
const FOLLOW_MS = 2000;

async function open(more: object, env: Record<string, string> = {}, instances = 1) {
  const upstream = await openUpstream();
  // Each login code is good once; one user comes back under one openid.
  const replyAs = (openid: string) =>
    upstream.replies.set('/sns/jscode2session', () => ({ openid, session_key: 'k' }));
  const folder = temporaryFolder();
  const file = join(temporaryFolder(), 'relay.json');
  const config = { upstream: upstream.url, services, ...more };
  writeFileSync(file, JSON.stringify({ users: { wx: true }, folder, ...config }));
  const relays = await Promise.all(
    Array.from({ length: instances }, (_, n) =>
      startProcess({ ...config, folder: n === 0 ? folder : temporaryFolder() }, env),
    ),
  );
  const run = async (...args: string[]): Promise<string> => {
    const [name, ...rest] = args;
    const all = [CLI, 'relay', name, '--config', file, ...rest, '--lang', 'en'];
    const environment = { ...process.env, WX_APPID: 'wxapp', WX_SECRET: 'app-secret', ...env };
    return promisify(execFile)(process.execPath, all, { env: environment }).then(
      ({ stdout }) => stdout,
      ({ code, stderr }: { code: number; stderr: string }) => `${code}: ${stderr}`,
    );
  };
  return { upstream, relays, run, replyAs, folder };
}

function describeDenials(openRelays: () => ReturnType<typeof open>): void {
  test('a user is refused at once everywhere, the sessions end, and relay allow lets the user in again', async () => {
    const { upstream, relays, run, replyAs } = await openRelays();
    const [one, other] = [relays[0].url, relays[relays.length - 1].url];
    const bob = await signInAs(one, 'bob');
    replyAs('ann');
    const ann = await signInAs(one, 'ann');
    expect((await ann.invoke(ocr('paid'))).status).toBe(200);

    expect(await run('deny', '--user', 'wx:ann')).toBe('denied: wx:ann\n');
    await sleep(FOLLOW_MS);
    for (const url of [one, other]) {
      const status = (await ann.invoke(ocr('more'), url)).status;
      expect(status).toBe(401);
      await expect(signInAs(url, 'ann-again')).rejects.toThrow('the owner of the relay has denied this user');
    }
    expect((await bob.invoke(ocr('bobs'))).status).toBe(200);
    expect(upstream.bills).toEqual(['paid', 'bobs']);

    expect(await run('allow', '--user', 'wx:ann')).toBe('allowed: wx:ann\n');
    await sleep(FOLLOW_MS);
    const again = await signInAs(other, 'ann-again');
    expect((await again.invoke(ocr('paid'), one)).status).toBe(200);
    expect((await again.invoke(ocr('new'), one)).status).toBe(200);
    expect(upstream.bills).toEqual(['paid', 'bobs', 'new']);
  });

  test('a service is refused before anything is sent; what was paid for is still told', async () => {
    const { upstream, relays, run } = await openRelays();
    const ann = await signInAs(relays[0].url, 'ann');
    const paid = await (await ann.invoke(ocr('paid'))).json();
    expect(await run('deny', '--service', 'wxocr')).toBe('denied: wxocr\n');
    await sleep(FOLLOW_MS);
    for (const { url } of relays) {
      expect(await refusal(await ann.invoke(ocr('more'), url), 403, -7)).toContain('has denied this service');
      expect(await (await ann.invoke(ocr('paid'), url)).json()).toEqual(paid);
    }
    expect((await ann.invoke(tts('other'))).status).toBe(200);
    await run('allow', '--service', 'wxocr');
    await sleep(FOLLOW_MS);
    expect((await ann.invoke(ocr('more'))).status).toBe(200);
    expect(upstream.bills).toEqual(['paid', 'other', 'more']);
  });
}

describe('in a folder', () => {
  describeDenials(() => open({}));

  test('a denial outlives a kill, and many commands at once lose none', async () => {
    const { relays, run, replyAs, folder } = await open({});
    const users = Array.from({ length: 6 }, (_, n) => `wx:user-${n}`);
    await Promise.all(users.map((user) => run('deny', '--user', user)));
    await Promise.all([run('allow', '--user', users[0]), run('deny', '--user', 'wx:ann')]);
    expect(readdirSync(join(folder, 'denied')).filter((name) => name.endsWith('.json'))).toHaveLength(6);
    await relays[0].kill();
    const list = await DenyList.open(new FolderDenials(join(folder, 'denied')), console, async () => {});
    cleanUpAfterTest(() => list.close());
    replyAs('ann');
    expect(() => list.requireUser('wx:ann')).toThrow('has denied this user');
    for (const user of users.slice(1)) expect(() => list.requireUser(user)).toThrow('has denied this user');
    expect(() => list.requireUser(users[0])).not.toThrow();
  });

  test.each([
    [['deny', '--user', 'OPENID'], '2: ', 'It must begin with wx: or jwt:'],
    [
      ['deny', '--service', 'wxother'],
      '1: ',
      'Failed to deny wxother: "services" of the configuration does not list it.',
    ],
    [['allow'], '2: ', "required option '--user or --service' not specified"],
  ])('relay %j is refused in words', async (args, code, text) => {
    const { run } = await open({}, {}, 0);
    const ran = await run(...args);
    expect(ran).toMatch(new RegExp(`^${code}`));
    expect(ran).toContain(text);
  });
});

describeWithRedis('in Redis, by two relays', () => {
  describeDenials(async () => open({ redis: {} }, { REDIS_URL: await openRedis() }, 2));

  test('what one instance adds and removes another reads, and nothing where it knows that already', async () => {
    const redis = new Redis(await openRedis());
    cleanUpAfterTest(() => redis.quit());
    const [one, other] = [new RedisDenials(redis), new RedisDenials(redis)];
    expect(await other.read()).toEqual({ version: '0', denials: [] });
    expect(await other.read('0')).toBeUndefined();
    await one.add({ kind: 'user', name: 'wx:ann' });
    await one.add({ kind: 'service', name: 'wxocr' });
    const { version, denials } = (await other.read('0'))!;
    expect(denials).toHaveLength(2);
    expect(denials).toEqual(
      expect.arrayContaining([
        { kind: 'user', name: 'wx:ann' },
        { kind: 'service', name: 'wxocr' },
      ]),
    );
    expect(await other.read(version)).toBeUndefined();
    await one.remove({ kind: 'user', name: 'wx:ann' });
    expect((await other.read(version))?.denials).toEqual([{ kind: 'service', name: 'wxocr' }]);
  });
});

test('sessions that cannot be ended are tried again, and the user is refused meanwhile', async () => {
  const store = new FolderDenials(join(temporaryFolder(), 'denied'));
  const ended: string[] = [];
  let failures = 1;
  const list = await DenyList.open(store, { ...console, info: () => {}, warn: () => {} }, async (user) => {
    if (failures-- > 0) throw new Error('the store is away');
    ended.push(user);
  });
  cleanUpAfterTest(() => list.close());
  await store.add({ kind: 'user', name: 'wx:ann' });
  const isRefused = (): boolean => {
    try {
      list.requireUser('wx:ann');
      return false;
    } catch (error) {
      expect((error as Error).message).toContain('has denied this user');
      return true;
    }
  };
  await until(isRefused);
  expect(ended).toEqual([]);
  await until(() => ended.length > 0, 'the sessions were ended');
  expect(ended).toEqual(['wx:ann']);
  expect(isRefused()).toBe(true);
});
