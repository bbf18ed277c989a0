/** `relay outcomes`, `usage`, `deny` and `allow`, as they ship, beside a relay of two apps whose users have one name. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLI } from '../support/built';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';
import { openUpstream } from './support/fake-upstream';
import { bearer } from './support/open-relay';
import { startProcess } from './support/relay-process';
import { describeWithRedis, openRedis } from './support/servers';

const SECRETS = { WX_SECRET_wxa: 'app-secret', WX_SECRET_wxb: 'app-secret' };

interface Call {
  id: string;
  service: string;
  user: string;
}

async function open(more: object, env: Record<string, string>) {
  const upstream = await openUpstream();
  upstream.replies.set('/sns/jscode2session', () => ({ openid: 'ann', session_key: 'k' }));
  const config = {
    folder: temporaryFolder(),
    upstream: upstream.url,
    services: { wxocr: ['Ocr'] },
    apps: { wxa: {}, wxb: { services: { wxocr: ['Ocr'], wxtts: ['Speak'] } } },
    ...more,
  };
  const relay = await startProcess(config, { ...SECRETS, ...env });
  const file = join(temporaryFolder(), 'relay.json');
  writeFileSync(file, JSON.stringify({ users: { wx: true }, ...config }));
  const post = async (path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...bearer(token) };
    const reply = await fetch(relay.url + path, { method: 'POST', body: JSON.stringify(body), headers });
    return { status: reply.status, ...((await reply.json()) as { token: string }) };
  };
  const run = async (...args: string[]): Promise<string> => {
    const environment = { ...process.env, WX_APPID: '', WX_SECRET: '', ...SECRETS, ...env };
    const all = [CLI, 'relay', ...args, '--config', file, '--lang', 'en'];
    return promisify(execFile)(process.execPath, all, { env: environment }).then(
      ({ stdout }) => stdout,
      ({ code, stderr }: { code: number; stderr: string }) => `${code}: ${stderr}`,
    );
  };
  return {
    run,
    signIn: (appid: string) => post('/session', { credential: { type: 'wx', value: 'good-1', appid } }),
    invoke: async (token: string, client_msg_id: string, service = 'wxocr', api = 'Ocr') =>
      (await post('/invoke', { service, api, data: '{}', client_msg_id }, token)).status,
    outcomes: async (...args: string[]) =>
      (JSON.parse(await run('outcomes', '--json', ...args)) as { calls: Call[] }).calls,
    usage: async (...args: string[]) =>
      (JSON.parse(await run('usage', '--json', ...args)) as { usage: { appid: string; calls: number }[] })
        .usage,
  };
}

function describeCommands(openRelay: () => ReturnType<typeof open>): void {
  test('outcomes and usage are those of the app that is named, and usage of all where none is', async () => {
    const { run, signIn, invoke, outcomes, usage } = await openRelay();
    const [a, b] = [(await signIn('wxa')).token, (await signIn('wxb')).token];
    await invoke(a, 'same');
    await invoke(b, 'same', 'wxtts', 'Speak');
    await invoke(b, 'only-b');

    const ofA = await outcomes('--app', 'wxa', '--id', 'same');
    expect(ofA).toMatchObject([{ id: 'same', service: 'wxocr' }]);
    expect(await outcomes('--app', 'wxa', '--id', 'only-b')).toEqual([]);
    const ofB = await outcomes('--app', 'wxb', '--user', 'wx:ann');
    expect(ofB.map(({ id, service }) => [id, service])).toEqual([
      ['same', 'wxtts'],
      ['only-b', 'wxocr'],
    ]);
    // One name, and two users.
    expect(ofB[0].user).not.toBe(ofA[0].user);
    expect(await outcomes('--app', 'wxa', '--user', 'wx:ann')).toEqual(ofA);

    expect(await usage('--by', 'appid')).toMatchObject([
      { appid: 'wxb', calls: 2 },
      { appid: 'wxa', calls: 1 },
    ]);
    expect(await usage('--by', 'appid', '--app', 'wxa')).toMatchObject([{ appid: 'wxa', calls: 1 }]);

    expect(await run('outcomes', '--since', '1h')).toMatch(
      /^1: .*several apps: wxa, wxb\. Name one by --app/,
    );
    expect(await run('usage', '--app', 'wxc')).toMatch(/^1: .*"apps" does not list "wxc"/);
  });

  test('a user or a service of one app is refused, and those of the other go on', async () => {
    const { run, signIn, invoke } = await openRelay();
    const [a, b] = [(await signIn('wxa')).token, (await signIn('wxb')).token];
    expect(await run('deny', '--user', 'wx:ann')).toMatch(/^1: .*Name one by --app/);
    expect(await run('deny', '--app', 'wxa', '--service', 'wxtts')).toMatch(/^1: .*does not list it/);

    expect(await run('deny', '--app', 'wxa', '--user', 'wx:ann')).toBe('denied: wx:ann\n');
    await until(async () => (await invoke(a, 'denied')) === 401);
    await until(async () => (await signIn('wxa')).status === 403);
    expect([await invoke(b, 'goes-on'), (await signIn('wxb')).status]).toEqual([200, 200]);

    expect(await run('allow', '--app', 'wxa', '--user', 'wx:ann')).toBe('allowed: wx:ann\n');
    await until(async () => (await signIn('wxa')).status === 200);

    expect(await run('deny', '--app', 'wxb', '--service', 'wxocr')).toBe('denied: wxocr\n');
    let calls = 0;
    await until(async () => (await invoke(b, `b-${calls++}`)) === 403);
    expect(await invoke((await signIn('wxa')).token, 'goes-on')).toBe(200);
  });
}

describe('in a folder', () => describeCommands(() => open({}, {})));
describeWithRedis('in Redis', () =>
  describeCommands(async () => open({ redis: {} }, { REDIS_URL: await openRedis() })),
);
