/** What owners read beside a running relay: `relay outcomes` and `relay usage`, as they ship. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import { FolderRecords, recordPaths } from '../../src/relay/stores/folder/records';
import { UsageFiles } from '../../src/relay/stores/folder/usage-files';
import { digest } from '../../src/invocation';
import { loadRelayConfig, openRedisStores } from '../../src/relay';
import { openRecords } from '../../src/relay/config/open-records';
import { userDigester } from '../../src/relay/owners/user-digest';
import { openUpstream } from './support/fake-upstream';
import { CLI } from '../support/built';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { ANN } from './support/claimant';
import { signInAs, startProcess } from './support/relay-process';
import { describeWithRedis, openRedis } from './support/servers';

const DAY = 86_400_000;
const PATH = '/wxa/servicemarket';
const services = { wxocr: ['Ocr'], wxtts: ['Speak'] };
const ocr = (id: string) => ({ service: 'wxocr', api: 'Ocr', data: '{"secret":"DATA"}', client_msg_id: id });
const tts = (id: string) => ({ service: 'wxtts', api: 'Speak', data: '{}', client_msg_id: id });

interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs the command in a process of its own, in the language of the tests. */
async function command(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [CLI, ...args, '--lang', 'en'], {
      env: { ...process.env, WX_APPID: 'wxapp', WX_SECRET: 'app-secret', ...env },
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

/** A relay at work with the calls of two users: answered, refused, lost, unsent, and one that runs. */
async function openBusyRelay(more: object, env: Record<string, string> = {}) {
  const upstream = await openUpstream();
  const config = { upstream: upstream.url, services, folder: temporaryFolder(), ...more };
  const file = join(temporaryFolder(), 'relay.json');
  writeFileSync(file, JSON.stringify({ users: { wx: true }, ...config }));
  const relay = await startProcess(config, env);
  const [ann, bob] = [await signInAs(relay.url, 'ann'), await signInAs(relay.url, 'bob')];
  await ann.invoke({ ...ocr('done'), async: true });
  await ann.invoke({ ...ocr('done'), async: true });
  await bob.invoke(tts('bobs'));
  upstream.replies.set(PATH, () => ({ errcode: 9_301_010, errmsg: 'no balance' }));
  await ann.invoke(tts('refused'));
  upstream.replies.set(PATH, () => 'reset');
  await ann.invoke(ocr('lost'));
  const arrived = upstream.hang(PATH);
  ann.invoke(ocr('running')).catch(() => {});
  await arrived;
  const read = async (...args: string[]): Promise<Ran> => {
    const [name, ...rest] = args;
    return command(['relay', name, '--config', file, ...rest], env);
  };
  const json = async (...args: string[]) =>
    JSON.parse((await read(...args, '--json')).out) as Record<string, never[]>;
  return { upstream, relay, config, read, json };
}

function describeRecords(open: () => Promise<Awaited<ReturnType<typeof openBusyRelay>>>): void {
  test('tell what became of calls, and what was used, while the relay works', async () => {
    const { read, json, relay } = await open();
    const since = await json('outcomes', '--since', '1h');
    const calls = since.calls as Record<string, unknown>[];
    expect(
      calls.map(({ id, result, errcode, request_id }) => [id, result, errcode, request_id]).sort(),
    ).toEqual([
      ['bobs', 'answered', 0, undefined],
      ['done', 'answered', 0, 'R-done'],
      ['lost', 'unknown', undefined, undefined],
      ['refused', 'failed', 9_301_010, undefined],
      ['running', 'open', undefined, undefined],
    ]);
    for (const { time, ms, result } of calls) {
      expect(Math.abs(Date.now() - Date.parse(String(time)))).toBeLessThan(60_000);
      if (result !== 'open') expect(ms).toBeGreaterThanOrEqual(0);
    }

    // By id, by user, by both; nothing that a user sent or got, nor who the user is.
    const byId = await json('outcomes', '--id', 'done');
    expect(byId.calls).toMatchObject([{ id: 'done', bytes: 31, service: 'wxocr', api: 'Ocr' }]);
    const annsCalls = await json('outcomes', '--user', 'wx:openid-good-ann');
    expect((annsCalls.calls as { id: string }[]).map(({ id }) => id).sort()).toEqual([
      'done',
      'lost',
      'refused',
      'running',
    ]);
    expect((await json('outcomes', '--user', 'wx:nobody')).calls).toEqual([]);
    expect((await json('outcomes', '--since', '2999-01-01')).calls).toEqual([]);
    const { out } = await read('outcomes', '--user', 'wx:openid-good-ann');
    expect(out).toMatch(/^time +user +service +api +id +result +errcode +request id +ms +bytes\n/);
    expect(out).toMatch(/ done +answered +0 +R-done +\d+ +31\n/);
    for (const text of [out, JSON.stringify(since)]) expect(text).not.toMatch(/DATA|openid|got/);
    const answers = await json('outcomes', '--id', 'done', '--with-answer');
    expect(answers.calls).toMatchObject([
      { outcome: { errcode: 0, data: '{"got":{"secret":"DATA"},"n":1}' } },
    ]);

    // Sums: a repeat counts nothing.
    expect(await json('usage', '--by', 'service')).toEqual({
      usage: [
        { service: 'wxocr', calls: 3, failures: 0, unknown: 2 },
        { service: 'wxtts', calls: 2, failures: 1, unknown: 0 },
      ],
    });
    const user = userDigester(digest('users: app-secret'));
    expect(await json('usage', '--by', 'user')).toEqual({
      usage: [
        { user: user('wx:openid-good-ann'), calls: 4, failures: 1, unknown: 2 },
        { user: user('wx:openid-good-bob'), calls: 1, failures: 0, unknown: 0 },
      ],
    });
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    expect(await json('usage', '--by', 'day')).toEqual({
      usage: [{ day: today, calls: 5, failures: 1, unknown: 2 }],
    });
    expect((await read('usage')).out).toBe(
      'service  calls  failures  unknown\nwxocr    3      0         2\nwxtts    2      1         0\n',
    );

    // After a kill what ran is unknown for ever, and everything else is as it was.
    await relay.kill();
    expect((await json('outcomes', '--id', 'running')).calls).toMatchObject([{ result: 'open' }]);
    expect((await json('usage', '--by', 'day')).usage).toMatchObject([{ calls: 5, failures: 1, unknown: 2 }]);
  });
}

describe('records in a folder', () => {
  describeRecords(() => openBusyRelay({}));

  test('a restart keeps the sums, and a second relay goes on with them', async () => {
    const { upstream, relay, config, json } = await openBusyRelay({});
    await relay.kill();
    upstream.replies.clear();
    const next = await startProcess(config);
    await (await signInAs(next.url, 'eve')).invoke(ocr('eves'));
    expect((await json('usage', '--by', 'day')).usage).toMatchObject([{ calls: 6 }]);
  });
});

describeWithRedis('records in Redis', () => {
  describeRecords(async () => openBusyRelay({ redis: {} }, { REDIS_URL: await openRedis() }));

  test('a release takes the call from the sums, a later outcome replaces the one before, and days end', async () => {
    const url = await openRedis();
    const { outcomes } = await openRedisStores({ url, usageDays: 2 });
    cleanUpAfterTest(() => outcomes.close());
    const client = new Redis(url);
    cleanUpAfterTest(() => client.quit());
    await outcomes.claim('released', 'h', ANN);
    await outcomes.release('released');
    await outcomes.claim('late', 'h', ANN);
    await outcomes.settle('late', 'unknown');
    await outcomes.settle('late', { errcode: 7, errmsg: 'no' });
    await outcomes.settle('late', { errcode: 0, errmsg: 'ok' });
    const [key] = await client.keys('servicemarket:sums:*');
    expect(await client.hgetall(key)).toEqual({
      'calls digest-of-ann wxocr': '1',
      'failed digest-of-ann wxocr': '0',
      'answered digest-of-ann wxocr': '1',
    });
    expect(await client.pttl(key)).toBeGreaterThan(2 * DAY - 60_000);
    expect(await client.pttl(key)).toBeLessThanOrEqual(2 * DAY);
  });
});

describe('sums of what the journal has dropped', () => {
  const NOON = 1_700_000_000_000;

  async function open(folder = temporaryFolder(), clock = { ms: NOON }, maxDays = 92) {
    const paths = recordPaths(folder);
    const outcomes = await JournalOutcomes.open(paths.journal, {
      now: () => clock.ms,
      elapsed: () => clock.ms,
      appid: 'wxapp',
      usage: new UsageFiles(paths.usage, maxDays, () => {}),
    });
    cleanUpAfterTest(() => outcomes.close());
    const usage = () => new FolderRecords(folder, maxDays, () => {}).readUsage();
    return { folder, clock, outcomes, usage, paths };
  }

  test('are the same before, between and after, however often it starts, and end after their days', async () => {
    const { folder, clock, outcomes, usage, paths } = await open();
    for (const key of ['answered', 'failed', 'unknown', 'open', 'released'])
      await outcomes.claim(key, 'h', ANN);
    await outcomes.settle('answered', { errcode: 0, errmsg: 'ok' });
    await outcomes.settle('failed', { errcode: 5, errmsg: 'no' });
    await outcomes.settle('unknown', 'unknown');
    await outcomes.release('released');
    const row = {
      day: '2023-11-15',
      appid: 'wxapp',
      service: 'wxocr',
      user: ANN.user,
      calls: 4,
      failures: 1,
      unknown: 2,
    };
    expect(await usage()).toEqual([row]);
    clock.ms += DAY;
    await outcomes.claim('next', 'h', ANN);
    await outcomes.close();
    const rows = [row, { ...row, day: '2023-11-16', calls: 1, failures: 0, unknown: 1 }];

    const journal = readFileSync(paths.journal);
    const second = await open(folder, clock);
    expect(readdirSync(paths.usage)).toEqual(['2023-11-15.json']);
    expect(readFileSync(paths.journal, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(await usage()).toEqual(rows);
    await second.outcomes.close();

    // Killed after the sums were written and before the journal was: its lines are known to be in them.
    writeFileSync(paths.journal, journal);
    expect(await usage()).toEqual(rows);
    const third = await open(folder, clock);
    expect(await usage()).toEqual(rows);
    // The same key anew.
    await third.outcomes.claim('answered', 'h', ANN);
    await third.outcomes.close();
    expect(await usage()).toEqual([row, { ...rows[1], calls: 2, unknown: 2 }]);

    clock.ms += 90 * DAY;
    const days = async () => (await usage()).map(({ day }) => day).sort();
    const fourth = await open(folder, clock);
    await fourth.outcomes.claim('later', 'h', ANN);
    await fourth.outcomes.close();
    expect(await days()).toEqual(['2023-11-15', '2023-11-16', '2024-02-14']);
    clock.ms += 5 * DAY;
    const fifth = await open(folder, clock);
    await fifth.outcomes.claim('last', 'h', ANN);
    await fifth.outcomes.close();
    await (await open(folder, clock)).outcomes.close();
    expect(await days()).toEqual(['2024-02-14', '2024-02-19']);
  });

  test('a key that is claimed anew after a day counts as another call', async () => {
    const { folder, clock, outcomes, usage } = await open();
    await outcomes.claim('key', 'h', ANN);
    clock.ms += DAY;
    await outcomes.claim('key', 'h', ANN);
    expect(await usage()).toMatchObject([{ calls: 1 }, { calls: 1 }]);
    clock.ms += DAY;
    await outcomes.close();
    await open(folder, clock);
    expect(await usage()).toMatchObject([{ calls: 1 }, { calls: 1 }]);
  });
});

describe('the command', () => {
  test.each([
    [['outcomes'], 2, "error: required option '--config <file>' not specified"],
    [['outcomes', '--config', 'x'], 2, "error: required option '--id, --user or --since' not specified"],
    [['outcomes', '--config', 'x', '--since', 'soon'], 2, 'It is no time and no duration such as 12h.'],
    [
      ['outcomes', '--config', 'x', '--id', 'a', '--with-answer'],
      2,
      "error: required option '--json' not specified",
    ],
    [['usage', '--config', 'x', '--by', 'colour'], 2, 'colour'],
    [['usage', '--config', '/no/such.json'], 1, 'Failed to read /no/such.json: there is no such file.'],
  ])('relay %j exits with %i and says why', async (args, code, text) => {
    const ran = await command(['relay', ...args]);
    expect({ code: ran.code, err: ran.err }).toEqual({ code, err: expect.stringContaining(text) });
  });

  test('says where a folder has no journal, and makes none', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'relay.json');
    writeFileSync(file, JSON.stringify({ users: { wx: true }, folder: 'data' }));
    const { code, err } = await command(['relay', 'usage', '--config', file]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `Failed to read ${folder}/data/outcomes.jsonl: there is no such file. Check "folder" in the configuration.\n`,
    });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('shows no control characters of an id, which a user chooses', async () => {
    const folder = temporaryFolder();
    const outcomes = await JournalOutcomes.open(recordPaths(folder).journal);
    await outcomes.claim('k', 'h', { ...ANN, id: '\u001b[2Jevil' });
    await outcomes.close();
    const file = join(folder, 'relay.json');
    writeFileSync(file, JSON.stringify({ users: { wx: true }, folder: '.' }));
    const { out } = await command(['relay', 'outcomes', '--config', file, '--since', '1h']);
    expect(out).toContain('\uFFFD[2Jevil');
    expect(out).not.toContain('\u001b');
  });
});

test('records know a user by the digest that the relay makes of the same secret', async () => {
  const folder = temporaryFolder({ 'relay.json': '{"users": {"wx": true}}' });
  const digestOf = async (env: object): Promise<string> =>
    (await openRecords(join(folder, 'relay.json'), { ...env })).digestUser('wx:ann');
  const relay = await loadRelayConfig(join(folder, 'relay.json'), {
    env: { WX_APPID: 'wxapp', WX_SECRET: 'app-secret' },
  });
  expect(await digestOf({ WX_SECRET: 'app-secret' })).toBe(userDigester(relay.userSecret!)('wx:ann'));
  expect(await digestOf({ WX_SECRET: 'other' })).not.toBe(await digestOf({ WX_SECRET: 'app-secret' }));
  expect(await digestOf({ RELAY_USER_SECRET: 'own' })).toBe(userDigester('own')('wx:ann'));
  await expect(digestOf({})).rejects.toThrow('WX_SECRET');
});
