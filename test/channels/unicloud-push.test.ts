/** What the platform pushes to the uniCloud function, over its URL, and what a page's question gets of it. */
import { composePush, makeSecurityKeys, type PushSettings } from '../../src/simulator';
import { forgeries, type Forgery, resultOf } from '../support/fakes/forged-pushes';
import { setEnvironment } from '../support/cleanup';
import type { Any } from '../support/outcomes';
import { SOON_MS, until } from '../support/until';
import { sent } from './support/backend';
import { ACCOUNT, CONFIG_CENTER, type DeployOptions, deployUnicloud } from './support/deployed-unicloud';

const { appid } = ACCOUNT;
const settings: PushSettings = {
  url: '',
  token: 'AAAAA',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
const PLAIN = { mode: 'plain' as const };

/** The function with push switched on, and the platform's server, whose tasks end when `finish` is called. */
async function deploy(push: Partial<PushSettings> = {}, options: DeployOptions = {}) {
  setEnvironment({ WX_PUSH_TOKEN: settings.token, WX_PUSH_AES_KEY: settings.encodingAESKey as string });
  const pushSettings = { ...settings, ...push };
  const finishers: ((value: unknown) => void)[] = [];
  const deployment = await deployUnicloud({
    settings: { push: push.mode === 'plain' ? PLAIN : {} },
    ...options,
    platform: {
      providers: { '*': () => new Promise((resolve) => finishers.push(resolve)) },
      push: pushSettings,
      ...options.platform,
    },
  });
  const { cloud, platform } = deployment;
  pushSettings.url = `${cloud.url}/push`;
  const post = async (path: string, body: object, token = ''): Promise<Any> => {
    const answer = await fetch(cloud.url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
    return { http: answer.status, ...((await answer.json()) as object) };
  };
  const signIn = async (user: string): Promise<string> =>
    (await post('/session', { credential: { type: 'wx', value: platform.issueCode(user) } })).token;
  const token = await signIn('ann');
  let calls = 0;
  return {
    ...deployment,
    signIn,
    finish: (value: unknown = { text: 'done' }) => finishers.shift()?.(value),
    /** Starts a long task. @returns its request id */
    start: async (): Promise<string> =>
      (
        await post(
          '/invoke',
          { service: 'wxSVC', api: 'API', client_msg_id: `id-${calls++}`, async: true },
          token,
        )
      ).request_id,
    ask: (request_id: string, wait_ms?: unknown, user = token) =>
      post('/retrieve', { request_id, wait_ms }, user),
    /** How often the platform was asked for a result. */
    asked: () => platform.requests.filter(({ path }) => path === '/wxa/servicemarketretrieve').length,
    send: ({ query, body }: { query: Record<string, string>; body: string }, type = 'application/json') =>
      fetch(`${cloud.url}/push?${new URLSearchParams(query)}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      }),
  };
}

test('the console sets the address up', async () => {
  const { platform, cloud } = await deploy();
  expect(await platform.verifyPush()).toBe(true);
  const wrong = await fetch(`${cloud.url}/push?echostr=x&timestamp=1&nonce=2&signature=3`);
  expect([wrong.status, await wrong.text()]).toEqual([
    403,
    expect.stringContaining('Failed to accept the push'),
  ]);
});

test('without the setting there is no such path, and a question is answered at once', async () => {
  const { cloud, start, ask } = await deploy({}, { settings: {} });
  expect((await fetch(`${cloud.url}/push`)).status).toBe(404);
  expect(await ask(await start(), 15_000)).toMatchObject({ http: 200, status: 1 });
});

test.each(['WX_PUSH_TOKEN', 'WX_PUSH_AES_KEY'])('without %s it does not start, and says so', async (name) => {
  setEnvironment({ WX_PUSH_TOKEN: 'AAAAA', WX_PUSH_AES_KEY: settings.encodingAESKey, [name]: undefined });
  await expect(deployUnicloud({ settings: { push: {} } })).rejects.toThrow(
    `"push" in settings.json needs ${name}`,
  );
});

describe.each(['json', 'xml'] as const)('a result that is pushed as %s', (format) => {
  test.each(['aliyun', 'tencent'] as const)(
    'is there for its user alone, and %s asks the platform no more',
    async (provider) => {
      const { platform, start, finish, ask, asked, signIn, cloud } = await deploy({ format }, { provider });
      const id = await start();
      finish({ text: 'a <b> & "c"' });
      await until(() => platform.pushes.length === 1);
      expect(platform.pushes).toMatchObject([{ status: 200, body: 'success' }]);
      expect(await ask(id)).toMatchObject({ errcode: 0, status: 0, data: '{"text":"a <b> & \\"c\\""}' });
      expect((await ask(id, 0, await signIn('bob'))).http).toBe(404);
      expect(asked()).toBe(0);
      expect(cloud.log.join('')).toBe('');
    },
  );
});

describe('a question that waits', () => {
  test('is answered as soon as the result is pushed, having asked the platform once', async () => {
    const { start, finish, ask, asked } = await deploy();
    const id = await start();
    const answer = ask(id, 15_000);
    await until(() => asked() === 1);
    const finishedAt = performance.now();
    finish();
    expect(await answer).toMatchObject({ status: 0, data: '{"text":"done"}' });
    expect(performance.now() - finishedAt).toBeLessThan(SOON_MS);
    expect(asked()).toBe(1);
  });

  test('is answered with "not yet" when its time is over; the push was lost, and asking finds the result', async () => {
    const { start, finish, ask } = await deploy({ lost: true });
    const id = await start();
    expect(await ask(id, 600)).toMatchObject({ http: 200, errcode: 0, status: 1 });
    finish();
    expect(await ask(id, 15_000)).toMatchObject({ status: 0, data: '{"text":"done"}' });
  });

  test('is one of two that begin to wait in 15 s, for its user', async () => {
    const { start, ask, cloud } = await deploy();
    const ids = [await start(), await start(), await start()];
    const waits = async (id: string): Promise<boolean> => {
      const askedAt = performance.now();
      expect(await ask(id, 3000)).toMatchObject({ status: 1 });
      return performance.now() - askedAt > 2000;
    };
    // Of three at once at most two wait: fewer where the window ends meanwhile.
    const waited = (await Promise.all(ids.map(waits))).filter(Boolean).length;
    const windows = cloud.database.of('limits').filter(({ _id }) => _id.startsWith('held:')).length;
    expect(waited).toBe(windows > 1 ? 3 : 2);
  });

  test('ends where the database cannot be reached', async () => {
    const { start, ask, asked, cloud } = await deploy();
    const answer = ask(await start(), 15_000);
    await until(() => asked() === 1);
    cloud.database.breakDown();
    expect(await answer).toMatchObject({ http: 200, status: 1 });
  });

  test.each([-1, '1', null])('may not wait for %p ms', async (ms) => {
    const { ask, start } = await deploy();
    expect((await ask(await start(), ms)).http).toBe(400);
  });
});

test('a page that waits has the result for two requests', async () => {
  const { page, platform } = await deploy(
    {},
    {
      platform: {
        providers: {
          '*': async (_data, { sleep }) => {
            await sleep(1500);
            return { text: 'done' };
          },
        },
      },
    },
  );
  const host = page();
  const { requestId } = await host.start({ service: 'wxSVC', api: 'API', async: true }).task;
  const { data } = await host.start({ requestId }, 'waitForResult').task;
  expect(data).toEqual({ text: 'done' });
  expect(sent(host, '/retrieve')).toHaveLength(1);
  expect(platform.market.bills).toHaveLength(1);
});

test('pushed three times, each as the platform repeats it or as it was: the first is the result', async () => {
  const { start, ask, asked, send } = await deploy();
  const id = await start();
  const once = composePush(resultOf(id), appid, settings);
  const answers = [
    await send(once),
    await send(once),
    await send(composePush(resultOf(id, '{"text":"other"}'), appid, settings)),
  ];
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(3).fill('success'));
  expect(await ask(id)).toMatchObject({ data: '{"text":"pushed"}' });
  expect(asked()).toBe(0);
});

test('what could not be stored counts when it comes again', async () => {
  const { start, ask, asked, platform, cloud } = await deploy();
  const id = await start();
  const { reach } = cloud.database;
  let failures = 1;
  cloud.database.reach = () => {
    if (failures-- > 0) throw new Error('timeout');
  };
  const tries = await platform.push(resultOf(id));
  expect(tries.map(({ status }) => status)).toEqual([500, 200]);
  cloud.database.reach = reach;
  expect(await ask(id)).toMatchObject({ data: '{"text":"pushed"}' });
  expect(asked()).toBe(0);
});

test('a database that hangs: the answer comes within five seconds, and asks for another try', async () => {
  const { start, send, cloud } = await deploy();
  const id = await start();
  cloud.database.reach = () => new Promise(() => {}) as never;
  const startedAt = performance.now();
  expect((await send(composePush(resultOf(id), appid, settings))).status).toBe(503);
  expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
});

describe('a result whose call has no answer yet', () => {
  test('waits for the user who then gets its id, and for no other', async () => {
    const { start, ask, asked, send, platform, signIn } = await deploy();
    // The answer to the call comes after its push.
    platform.market.onTaskDone = () => {};
    const before = composePush(resultOf('R-early'), appid, settings);
    expect((await send(before)).status).toBe(200);
    expect((await ask('R-early')).http).toBe(404);
    expect((await ask('R-early', 0, await signIn('bob'))).http).toBe(404);
    platform.fault({
      path: '/wxa/servicemarket',
      nth: 1,
      effect: { status: 200, body: '{"errcode":0,"errmsg":"ok","request_id":"R-early"}' },
    });
    expect(await start()).toBe('R-early');
    expect(await ask('R-early')).toMatchObject({ data: '{"text":"pushed"}' });
    expect(asked()).toBe(0);
  });

  test('is not kept for longer than a minute', async () => {
    const { start, ask, send, cloud, platform } = await deploy();
    await send(composePush(resultOf('R-late'), appid, settings));
    for (const document of cloud.database.of('calls')) document.at -= 60_001;
    platform.fault({
      path: '/wxa/servicemarket',
      nth: 1,
      effect: { status: 200, body: '{"errcode":0,"errmsg":"ok","request_id":"R-late"}' },
    });
    expect(await start()).toBe('R-late');
    expect((await ask('R-late')).data).toBeUndefined();
  });
});

test('another message is accepted, dropped, and said to be in the log', async () => {
  const { platform, cloud } = await deploy();
  const tries = await platform.push({ MsgType: 'text', Content: 'hello', MsgId: 1 });
  expect(tries).toMatchObject([{ status: 200, body: 'success' }]);
  expect(cloud.log).toEqual([expect.stringContaining('{"MsgType":"text"}')]);
  expect(cloud.log.join('')).not.toContain('hello');
});

describe('plain mode', () => {
  test('only makes the function ask the platform: what the push says is never the result', async () => {
    const { start, finish, ask, asked, send } = await deploy(PLAIN);
    const id = await start();
    const answer = ask(id, 15_000);
    await until(() => asked() === 1);
    await send(composePush(resultOf(id, '{"text":"forged"}'), appid, { ...settings, ...PLAIN }));
    expect(asked()).toBe(2);
    finish();
    // The platform's own push comes by itself, and the function asks once more.
    expect(await answer).toMatchObject({ status: 0, data: '{"text":"done"}' });
    expect(asked()).toBe(3);
  });

  test('a signature is good for one event', async () => {
    const { send } = await deploy(PLAIN);
    const { query, body } = composePush({ MsgType: 'text', MsgId: 1 }, appid, { ...settings, ...PLAIN });
    expect((await send({ query, body })).status).toBe(200);
    expect((await send({ query, body })).status).toBe(200);
    expect((await send({ query, body: body.replace('1', '2') })).status).toBe(403);
  });

  test('a task of nobody here makes it ask for nothing', async () => {
    const { send, asked } = await deploy(PLAIN);
    const push = composePush(resultOf('R-foreign'), appid, { ...settings, ...PLAIN });
    expect((await send(push)).status).toBe(200);
    expect(asked()).toBe(0);
  });

  test('counts as a question of the user', async () => {
    const { start, send, asked } = await deploy(PLAIN, { settings: { push: PLAIN, pollsPerHour: 2 } });
    const id = await start();
    const statuses: number[] = [];
    for (let n = 0; n < 3; n++)
      statuses.push((await send(composePush(resultOf(id), appid, { ...settings, ...PLAIN }))).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(asked()).toBe(2);
  });
});

describe("what is not the platform's is refused, and nothing of it is stored:", () => {
  test.each<Forgery>(forgeries(appid, settings))('%s', async (_name, status, forge) => {
    const { start, ask, send, cloud } = await deploy();
    const id = await start();
    const before = JSON.stringify([cloud.database.of('calls'), cloud.database.of('limits')]);
    const answer = await send(forge(id));
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('forged');
    expect(JSON.stringify([cloud.database.of('calls'), cloud.database.of('limits')])).toBe(before);
    expect(cloud.log).toEqual([]);
    expect(await ask(id)).toMatchObject({ status: 1 });
  });

  test('late: a push that is sent again after five minutes', async () => {
    const { start, send } = await deploy();
    const id = await start();
    const { now } = Date;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() - 302_000);
    const seen = composePush(resultOf(id), appid, settings);
    clock.mockRestore();
    expect((await send(seen)).status).toBe(403);
  });
});

describe('calls that are encrypted and signed', () => {
  const { owner, platform } = makeSecurityKeys();
  const own = {
    symmetric: { sn: owner.symmetric.sn },
    platformCertificate: { sn: owner.platformCertificate.sn, file: 'platform.pem' },
  };
  const secrets = { WX_SYMMETRIC_KEY: owner.symmetric.key, WX_PRIVATE_KEY: owner.privateKey };
  const files = { 'platform.pem': owner.platformCertificate.certificate };

  test('reach the platform, which refuses plain ones', async () => {
    setEnvironment(secrets);
    const secured = await deployUnicloud({
      settings: { security: own },
      files,
      platform: { security: platform },
    });
    const host = secured.page();
    const { data } = await host.start({ service: 'wxSVC', api: 'API', data: { a: '你好' } }).task;
    expect(data).toEqual({ a: '你好' });
    const plain = await deployUnicloud({ platform: { security: platform } });
    await expect(plain.page().start({ service: 'wxSVC', api: 'API' }).task).rejects.toThrow(
      'nothing was sent or billed',
    );
    expect(plain.cloud.log.join()).toContain('API security is switched on');
    expect(plain.platform.market.bills).toEqual([]);
  });

  test('need the keys, and say which', async () => {
    setEnvironment({ ...secrets, WX_PRIVATE_KEY: undefined });
    await expect(deployUnicloud({ settings: { security: own }, files })).rejects.toThrow(
      '"security" in settings.json needs WX_PRIVATE_KEY',
    );
    const wrong = CONFIG_CENTER.replace('"secret"', '"privateKey":"x","secret"');
    await expect(
      deployUnicloud({ settings: { security: own }, files, modules: { 'uni-config-center': wrong } }),
    ).rejects.toThrow('"security.privateKey" must be an RSA private key');
  });
});
