/** What the platform pushes to a relay, and what a page's question gets of it (protocol 16). */
import { once } from 'node:events';
import http from 'node:http';
import { readdirSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { createOpenApi, type PushMessage } from '../../src/openapi';
import { createWebHook, loadRelayConfig, openRedisStores, type RelayOptions } from '../../src/relay';
import {
  composePush,
  createPlatformServer,
  type PlatformOptions,
  type PushSettings,
} from '../../src/simulator';
import { JournalOutcomes } from '../../src/relay/stores/folder/outcomes';
import { FolderPushes } from '../../src/relay/stores/folder/pushes';
import { MemoryCounters } from '../../src/relay/stores/memory';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { SOON_MS, until } from '../support/until';
import { forgeries, type Forgery, resultOf } from '../support/fakes/forged-pushes';
import { openHook } from './support/hook';
import { openRelay } from './support/open-relay';
import { startProcess } from './support/relay-process';
import { describeWithRedis, openRedis } from './support/servers';

const appid = 'wxapp';
const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const settings: PushSettings = { url: '', token: 'AAAAA', encodingAESKey };
const push = { appid, token: 'AAAAA', encodingAESKey };
const account = { appid, secret: 'app-secret' };

interface Reply {
  errcode: number;
  status?: number;
  data?: string;
  request_id: string;
}

/** A relay, the platform's server that pushes to it, and a task that ends when `finish` is called. */
async function open(options: Partial<RelayOptions> = {}, platform: Partial<PlatformOptions> = {}) {
  const pushSettings = { ...settings, ...platform.push };
  const finishers: ((value: unknown) => void)[] = [];
  const server = await createPlatformServer({
    ...account,
    providers: { '*': () => new Promise((resolve) => finishers.push(resolve)) },
    ...platform,
    push: pushSettings,
  });
  cleanUpAfterTest(() => server.close());
  const seen: PushMessage[] = [];
  const relay = await openRelay({
    openApi: createOpenApi({ ...account, baseUrl: server.origin }),
    services: { s: ['a'] },
    push,
    onPush: (message) => void seen.push(message),
    now: Date.now,
    ...options,
  });
  pushSettings.url = `${relay.url}/push`;
  const token = await relay.signIn();
  let calls = 0;
  return {
    ...relay,
    server,
    pushSettings,
    seen,
    token,
    finish: (value: unknown = { text: 'done' }) => finishers.shift()?.(value),
    /** Starts a long task. @returns its request id */
    async start(user = token): Promise<string> {
      const call = { service: 's', api: 'a', client_msg_id: `id-${calls++}`, async: true };
      return ((await (await relay.post('/invoke', call, user)).json()) as Reply).request_id;
    },
    async ask(request_id: string, wait_ms?: number, user = token): Promise<Reply & { http: number }> {
      const answer = await relay.post('/retrieve', { request_id, wait_ms }, user);
      return { http: answer.status, ...((await answer.json()) as Reply) };
    },
    /** How often the platform was asked for a result. */
    asked: () => server.requests.filter(({ path }) => path === '/wxa/servicemarketretrieve').length,
    /** Sends a push as it is. */
    async send({ query, body }: { query: Record<string, string>; body: string }, type = 'application/json') {
      const url = `${relay.url}/push?${new URLSearchParams(query)}`;
      return fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
    },
  };
}

test('the console sets the address up', async () => {
  const { server, url } = await open();
  expect(await server.verifyPush()).toBe(true);
  const wrong = await fetch(`${url}/push?echostr=x&timestamp=1&nonce=2&signature=3`);
  expect([wrong.status, await wrong.text()]).toEqual([
    403,
    expect.stringContaining('Failed to accept the push'),
  ]);
});

test('without the option there is no such path, and a question is answered at once', async () => {
  const { url, start, ask } = await open({ push: undefined });
  expect((await fetch(`${url}/push`)).status).toBe(404);
  expect(await ask(await start(), 15_000)).toMatchObject({ http: 200, status: 1 });
});

describe.each(['json', 'xml'] as const)('a result that is pushed as %s', (format) => {
  test('is there for its user alone, and the platform is not asked for it', async () => {
    const relay = await open({}, { push: { ...settings, format } });
    const id = await relay.start();
    relay.finish({ text: 'a <b> & "c"' });
    await until(() => relay.server.pushes.length === 1);
    expect(relay.server.pushes).toMatchObject([{ status: 200, body: 'success' }]);
    expect(await relay.ask(id)).toMatchObject({
      http: 200,
      errcode: 0,
      status: 0,
      data: '{"text":"a <b> & \\"c\\""}',
    });
    expect((await relay.ask(id, 0, await relay.signIn('bob'))).http).toBe(404);
    expect(relay.asked()).toBe(0);
    expect(relay.seen).toEqual([]);
    expect(relay.log.join('')).not.toContain('<b>');
  });
});

describe('a question that waits', () => {
  test('is answered as soon as the result is pushed, having asked the platform once', async () => {
    const relay = await open();
    const id = await relay.start();
    const answer = relay.ask(id, 15_000);
    await until(() => relay.asked() === 1);
    const finishedAt = performance.now();
    relay.finish();
    expect(await answer).toMatchObject({ status: 0, data: '{"text":"done"}' });
    expect(performance.now() - finishedAt).toBeLessThan(SOON_MS);
    expect(relay.asked()).toBe(1);
  });

  test('is answered with "not yet" when its time is over; the push was lost, and asking finds the result', async () => {
    const relay = await open({}, { push: { ...settings, lost: true } });
    const id = await relay.start();
    expect(await relay.ask(id, 50)).toMatchObject({ http: 200, errcode: 0, status: 1 });
    relay.finish();
    expect(await relay.ask(id, 15_000)).toMatchObject({ status: 0, data: '{"text":"done"}' });
  });

  test('waits alone for its task, and one of two for its user', async () => {
    const relay = await open();
    const [one, two, three] = [await relay.start(), await relay.start(), await relay.start()];
    const first = relay.ask(one, 15_000);
    await until(() => relay.asked() === 1);
    const again = relay.ask(one, 15_000);
    // The newer question takes its place.
    expect(await first).toMatchObject({ status: 1 });
    const second = relay.ask(two, 15_000);
    await until(() => relay.asked() === 3);
    expect(await relay.ask(three, 15_000)).toMatchObject({ status: 1 });
    relay.finish();
    relay.finish();
    expect(await Promise.all([again, second])).toMatchObject([{ status: 0 }, { status: 0 }]);
  });

  test('is counted apart from the requests of its address', async () => {
    const relay = await open({ maxPendingPerAddress: 1 });
    const id = await relay.start();
    const answer = relay.ask(id, 15_000);
    await until(() => relay.asked() === 1);
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
    relay.finish();
    expect(await answer).toMatchObject({ status: 0 });
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
  });

  test('ends at once when the relay stops', async () => {
    const relay = await open();
    const id = await relay.start();
    const answer = relay.ask(id, 15_000);
    await until(() => relay.asked() === 1);
    const stoppedAt = performance.now();
    await relay.app.close();
    expect(await answer).toMatchObject({ http: 200, status: 1 });
    expect(performance.now() - stoppedAt).toBeLessThan(SOON_MS);
  });

  test('ends when the phone leaves, so that its place is free', async () => {
    const relay = await open();
    const ids = [await relay.start(), await relay.start(), await relay.start()];
    let closed = 0;
    relay.app.server.on('connection', (socket) => socket.once('close', () => closed++));
    const leaving = ids.slice(0, 2).map((request_id) => {
      const request = http.request(`${relay.url}/retrieve`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${relay.token}` },
      });
      request.on('error', () => {});
      request.end(JSON.stringify({ request_id, wait_ms: 15_000 }));
      return request;
    });
    await until(() => relay.asked() === 2);
    for (const request of leaving) request.destroy();
    await until(() => closed === 2);
    const held = relay.ask(ids[2], 15_000);
    await until(() => relay.asked() === 3);
    for (let task = 0; task < 3; task++) relay.finish();
    expect(await held).toMatchObject({ status: 0 });
  });

  test.each([-1, '1', null])('may not wait for %p ms', async (ms) => {
    const { ask, start } = await open();
    expect((await ask(await start(), ms as number)).http).toBe(400);
  });
});

describe('taken once:', () => {
  test('a result that is pushed three times, each as the platform repeats it, or as it was', async () => {
    const relay = await open();
    const id = await relay.start();
    const once = composePush(resultOf(id), appid, settings);
    const answers = [
      await relay.send(once),
      await relay.send(once),
      await relay.send(composePush(resultOf(id, '{"text":"other"}'), appid, settings)),
    ];
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(3).fill('success'));
    expect(await relay.ask(id)).toMatchObject({ data: '{"text":"pushed"}' });
  });

  test('another event goes to the hook once, also where the first try was answered too late', async () => {
    const relay = await open();
    const message = { MsgType: 'text', Content: 'hello', MsgId: 1 };
    await relay.server.push(message);
    await relay.server.push(message);
    await relay.server.push({ ...message, MsgId: 2 });
    await until(() => relay.seen.length >= 2);
    expect(relay.seen).toEqual([message, { ...message, MsgId: 2 }]);
  });

  test('what could not be stored counts when it comes again', async () => {
    const relay = await open();
    const id = await relay.start();
    const failing = jest
      .spyOn(JournalOutcomes.prototype, 'storeResult')
      .mockRejectedValueOnce(new Error('EIO'));
    cleanUpAfterTest(() => failing.mockRestore());
    const tries = await relay.server.push(resultOf(id));
    expect(tries.map(({ status }) => status)).toEqual([500, 200]);
    expect(await relay.ask(id)).toMatchObject({ data: '{"text":"pushed"}' });
    expect(relay.asked()).toBe(0);
  });

  test('a repeat is not answered before the event is stored', async () => {
    const relay = await open();
    let fail: (error: Error) => void = () => {};
    const hanging = jest
      .spyOn(FolderPushes.prototype, 'add')
      .mockReturnValueOnce(new Promise((_resolve, reject) => (fail = reject)));
    cleanUpAfterTest(() => hanging.mockRestore());
    const message = { MsgType: 'text', MsgId: 1 };
    const once = composePush(message, appid, settings);
    const first = relay.send(once);
    await until(() => hanging.mock.calls.length === 1);
    const repeat = relay.send(once);
    const answered = jest.fn();
    void repeat.then(answered);
    // Long enough for an answer.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).not.toHaveBeenCalled();
    fail(new Error('EIO'));
    expect([(await first).status, (await repeat).status]).toEqual([500, 500]);
    expect((await relay.send(once)).status).toBe(200);
    await until(() => relay.seen.length === 1);
    expect(relay.seen).toEqual([message]);
  });

  test('of a relay that is killed before it has stored an event, the next try counts at another', async () => {
    const counters = new MemoryCounters(Date.now);
    const killed = await open({ stores: { counters } });
    const other = await open({ stores: { counters } });
    const hanging = jest.spyOn(FolderPushes.prototype, 'add').mockReturnValueOnce(new Promise(() => {}));
    cleanUpAfterTest(() => hanging.mockRestore());
    const once = composePush({ MsgType: 'text', MsgId: 1 }, appid, settings);
    void killed.send(once).catch(() => {});
    await until(() => hanging.mock.calls.length === 1);
    expect(await (await other.send(once)).text()).toBe('success');
    await until(() => other.seen.length === 1);
    expect(await (await other.send(once)).text()).toBe('success');
    await other.app.close();
    expect(other.seen).toHaveLength(1);
  });
});

/** A client whose calls get this request id, and whose tasks never end. */
function clientOf(request_id: string): RelayOptions['openApi'] {
  const serviceMarket = {
    invokeService: async () => ({ errcode: 0, request_id }),
    retrieve: async () => ({ errcode: 0, status: 1 }),
  };
  return { serviceMarket } as unknown as RelayOptions['openApi'];
}

describe('a result whose task has no owner here', () => {
  test('waits for the user whose call then gets its id, and is given to no one else', async () => {
    const relay = await open({ openApi: clientOf('R-early') });
    await relay.server.push(resultOf('R-early'));
    const bob = await relay.signIn('bob');
    expect((await relay.ask('R-early')).http).toBe(404);
    expect((await relay.ask('R-early', 0, bob)).http).toBe(404);
    expect(await relay.start()).toBe('R-early');
    expect(await relay.ask('R-early')).toMatchObject({ data: '{"text":"pushed"}' });
    expect((await relay.ask('R-early', 0, bob)).http).toBe(404);
    expect(relay.seen).toEqual([]);
  });

  test('is not kept for longer than a minute', async () => {
    let now = Date.now();
    const relay = await open({ openApi: clientOf('R-late'), now: () => now });
    await relay.server.push(resultOf('R-late'));
    now += 60_001;
    await relay.start();
    expect(await relay.ask('R-late')).toMatchObject({ status: 1 });
  });

  test('takes 16 MiB of memory in a minute, with all others that have none', async () => {
    const relay = await open({ openApi: clientOf('R-19'), onPush: undefined });
    const large = JSON.stringify({ text: 'x'.repeat(950_000) });
    for (let n = 0; n < 20; n++) await relay.server.push(resultOf(`R-${n}`, large));
    await relay.start();
    expect(await relay.ask('R-19')).toMatchObject({ status: 1 });
  });

  test('goes to the hook alone, when nobody has asked for it in time', async () => {
    const relay = await open();
    await relay.server.push(resultOf('R-foreign'));
    expect(relay.seen).toEqual([]);
    // A relay that stops does not wait for the minute.
    await relay.app.close();
    expect(relay.seen).toMatchObject([{ RequestID: 'R-foreign' }]);
  });
});

describe('plain mode', () => {
  const plain = { mode: 'plain' as const };

  test('only makes the relay ask the platform: what the push says is never the result', async () => {
    const relay = await open({ push: { ...push, ...plain } }, { push: { ...settings, ...plain } });
    const id = await relay.start();
    const answer = relay.ask(id, 15_000);
    await until(() => relay.asked() === 1);
    // Forged under a signature that was seen.
    await relay.send(composePush(resultOf(id, '{"text":"forged"}'), appid, { ...settings, ...plain }));
    await until(() => relay.asked() === 2);
    relay.finish();
    // The platform's own push comes by itself.
    expect(await answer).toMatchObject({ status: 0, data: '{"text":"done"}' });
    expect(relay.asked()).toBe(3);
    expect(relay.seen).toEqual([]);
  });

  test('a signature is good for one event', async () => {
    const relay = await open({ push: { ...push, ...plain } });
    const { query, body } = composePush({ MsgType: 'text', MsgId: 1 }, appid, { ...settings, ...plain });
    expect((await relay.send({ query, body })).status).toBe(200);
    expect((await relay.send({ query, body })).status).toBe(200);
    expect((await relay.send({ query, body: body.replace('1', '2') })).status).toBe(403);
    expect(relay.seen).toEqual([{ MsgType: 'text', MsgId: 1 }]);
  });

  test('a forged event under a signature that was seen is refused however often it comes', async () => {
    const relay = await open({ push: { ...push, ...plain } });
    const { query, body } = composePush({ MsgType: 'text', MsgId: 1 }, appid, { ...settings, ...plain });
    await relay.send({ query, body });
    const forged = body.replace('1', '2');
    const tries = [];
    for (let n = 0; n < 3; n++) tries.push((await relay.send({ query, body: forged })).status);
    tries.push(
      ...(await Promise.all([1, 2, 3].map(() => relay.send({ query, body: forged })))).map(
        ({ status }) => status,
      ),
    );
    expect(tries).toEqual(Array(6).fill(403));
    await relay.app.close();
    expect(relay.seen).toEqual([{ MsgType: 'text', MsgId: 1 }]);
  });

  test('what could not be stored counts when it comes again under the same signature', async () => {
    const relay = await open({ push: { ...push, ...plain } });
    const failing = jest.spyOn(FolderPushes.prototype, 'add').mockRejectedValueOnce(new Error('EIO'));
    cleanUpAfterTest(() => failing.mockRestore());
    const once = composePush({ MsgType: 'text', MsgId: 1 }, appid, { ...settings, ...plain });
    expect([(await relay.send(once)).status, (await relay.send(once)).status]).toEqual([500, 200]);
    await until(() => relay.seen.length === 1);
  });

  test('the hook is told that nothing is proved', async () => {
    const proofs: boolean[] = [];
    const onPush: RelayOptions['onPush'] = (_message, { isProved }) => void proofs.push(isProved);
    const relay = await open({ push: { ...push, ...plain }, onPush });
    await relay.send(composePush({ MsgId: 1 }, appid, { ...settings, ...plain }));
    await relay.send(composePush({ MsgId: 2 }, appid, settings));
    await until(() => proofs.length === 2);
    expect(proofs).toEqual([false, true]);
  });
});

describe("what is not the platform's is refused, and nothing of it is stored:", () => {
  const sealed = (id: string) => composePush(resultOf(id), appid, settings);

  test.each<Forgery>([
    ...forgeries(appid, settings),
    ['too many values', 413, (id) => ({ ...sealed(id), body: `[${'{},'.repeat(60_000)}{}]` })],
  ])('%s', async (_name, status, forge) => {
    const relay = await open();
    const id = await relay.start();
    const answer = await relay.send(forge(id));
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('forged');
    expect(await relay.ask(id)).toMatchObject({ status: 1 });
    await relay.app.close();
    expect(relay.seen).toEqual([]);
  });

  test('late: a push that is sent again after five minutes', async () => {
    let now = Date.now();
    const relay = await open({ now: () => now });
    const seen = sealed(await relay.start());
    now += 301_000;
    expect((await relay.send(seen)).status).toBe(403);
  });

  test('slow: a body that does not come in time', async () => {
    const relay = await open();
    const { query } = sealed('R');
    const request = http.request(`${relay.url}/push?${new URLSearchParams(query)}`, { method: 'POST' });
    cleanUpAfterTest(() => request.destroy());
    const answer = once(request, 'response') as Promise<[http.IncomingMessage]>;
    const startedAt = performance.now();
    request.write('{');
    const [{ statusCode }] = await answer;
    expect(statusCode).toBe(408);
    expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
  });
});

describe('the answer comes within five seconds', () => {
  test('whatever the hook does', async () => {
    let end = (): void => {};
    const relay = await open({ onPush: () => new Promise<void>((resolve) => (end = resolve)) });
    const [once] = await relay.server.push({ MsgType: 'text', MsgId: 1 });
    expect(once).toMatchObject({ status: 200, body: 'success' });
    end();
  });

  test('whatever the store does; but only what is stored is accepted', async () => {
    const relay = await open();
    const id = await relay.start();
    const hanging = jest
      .spyOn(JournalOutcomes.prototype, 'storeResult')
      .mockReturnValue(new Promise(() => {}));
    cleanUpAfterTest(() => hanging.mockRestore());
    const startedAt = performance.now();
    const answer = await relay.send(composePush(resultOf(id), appid, settings));
    expect(answer.status).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
  });

  test('whatever strangers send who show no signature before their body', async () => {
    const relay = await open();
    const { query } = composePush({ MsgType: 'text' }, appid, settings);
    const unsigned = new URLSearchParams(query);
    unsigned.delete('signature');
    const url = `${relay.url}/push?${unsigned}`;
    const strangers = Array.from({ length: 40 }, () => {
      const request = http.request(url, { method: 'POST', headers: { 'content-type': 'text/plain' } });
      request.on('error', () => {});
      request.write('{');
      return request;
    });
    cleanUpAfterTest(() => strangers.forEach((request) => request.destroy()));
    const refused = strangers.map((request) => new Promise((resolve) => request.on('response', resolve)));
    await Promise.race(refused);
    const [once] = await relay.server.push({ MsgType: 'text', MsgId: 1 });
    expect(once).toMatchObject({ status: 200, body: 'success' });
  });
});

describe('a hook by URL', () => {
  test('gets each push signed, and again until it accepts it', async () => {
    const hook = await openHook([500, 302]);
    const onPush = createWebHook({ url: hook.url, secret: 'hook-secret' });
    const relay = await open({ onPush });
    await relay.server.push({ MsgType: 'text', MsgId: 1 });
    await until(() => hook.seen.length === 3);
    for (const { body, signature } of hook.seen) {
      const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
      expect(createHmac('sha256', 'hook-secret').update(`${time}.${body}`).digest('hex')).toBe(mac);
      expect(JSON.parse(body)).toEqual({
        event_id: expect.any(String),
        proved: true,
        message: { MsgType: 'text', MsgId: 1 },
      });
    }
    expect(new Set(hook.seen.map(({ body }) => body)).size).toBe(1);
    expect(relay.log.join('')).not.toContain('hook-secret');
  });

  test('that is down fills the store no further than its bounds: then the platform keeps what it has', async () => {
    const folder = temporaryFolder();
    const onPush = (): never => {
      throw new Error('down');
    };
    const first = await open({ folder, onPush });
    const large = 'x'.repeat(700_000);
    const statuses: (number | undefined)[] = [];
    for (let MsgId = 0; MsgId < 24; MsgId++) {
      const [{ status }] = await first.server.push({ MsgType: 'text', MsgId, Content: large });
      statuses.push(status);
    }
    // 16 MiB.
    expect(statuses).toEqual([...Array<number>(23).fill(200), 503]);
    await first.app.close();
    // A day later nobody needs them any more.
    const second = await open({ folder, now: () => Date.now() + 86_400_001 });
    await until(() => readdirSync(`${folder}/pushes`).length === 0);
    expect(second.seen).toEqual([]);
    expect(second.log.join('').match(/gave up a push that no hook accepted/g)).toHaveLength(23);
  });
});

/** The environment of a relay in a process of its own, which takes pushes and hands them to a hook. */
const ENV = {
  WX_APPID: appid,
  WX_PUSH_TOKEN: settings.token,
  WX_PUSH_AES_KEY: encodingAESKey,
  RELAY_HOOK_SECRET: 'hook-secret',
};

describe('a relay that is killed before the hook has accepted a push', () => {
  const message = { MsgType: 'text', MsgId: 1, Content: 'hello' };
  const foreign = resultOf('R-foreign');

  async function pushTo(url: string, pushed: object): Promise<void> {
    const { query, body } = composePush(pushed, appid, settings);
    const answer = await fetch(`${url}/push?${new URLSearchParams(query)}`, { method: 'POST', body });
    expect(await answer.text()).toBe('success');
  }

  test('has kept it in its folder, and hands it on when it is started again: once it is accepted, no more', async () => {
    const hook = await openHook(Array<number>(50).fill(500));
    const folder = temporaryFolder();
    const config = { folder, push: { hook: hook.url } };
    const first = await startProcess(config, ENV);
    await pushTo(first.url, message);
    await pushTo(first.url, foreign);
    await until(() => hook.seen.length > 0);
    await first.kill();
    hook.answers.length = 0;
    const before = hook.seen.length;

    const second = await startProcess(config, ENV);
    await until(() => hook.seen.length > before);
    const bodies = new Set(hook.seen.map(({ body }) => body));
    expect([...bodies].map((body) => JSON.parse(body).message)).toEqual([message]);
    // The result waits for its minute.
    await until(() => readdirSync(`${folder}/pushes`).length === 1);
    await second.kill();
    await startProcess(config, ENV);
    expect(hook.seen).toHaveLength(before + 1);
  });

  describeWithRedis('over Redis', () => {
    test('leaves it to the others', async () => {
      const hook = await openHook(Array<number>(50).fill(500));
      const env = { ...ENV, REDIS_URL: await openRedis() };
      const config = () => ({
        folder: temporaryFolder(),
        push: { hook: hook.url },
        redis: {},
        publicUrl: 'https://relay.example',
      });
      const first = await startProcess(config(), env);
      await pushTo(first.url, message);
      await until(() => hook.seen.length > 0);
      await first.kill();
      hook.answers.length = 0;
      const before = hook.seen.length;
      await startProcess(config(), env);
      // At the next look, after half a minute, when the lease of the killed one has ended.
      const isHandedOn = (): boolean => hook.seen.length > before;
      await until(isHandedOn).catch(() => until(isHandedOn));
      expect(new Set(hook.seen.map(({ body }) => body)).size).toBe(1);
    });

    test('only one of them hands it on, as long as it may take', async () => {
      const url = await openRedis();
      const stores = await Promise.all([openRedisStores({ url }), openRedisStores({ url })]);
      cleanUpAfterTest(() => Promise.all(stores.map(({ outcomes }) => outcomes.close())));
      const [one, two] = stores.map(({ pushes }) => pushes);
      const eventId = 'a'.repeat(64);
      const kept = { eventId, isProved: true, message, at: 1 };
      expect([await one.add(kept), await two.add(kept)]).toEqual([true, true]);
      expect(await two.list()).toEqual([kept]);
      expect([await one.claim(eventId), await two.claim(eventId), await one.claim(eventId)]).toEqual([
        true,
        false,
        true,
      ]);
      await one.remove(eventId);
      expect([await two.claim(eventId), await two.list()]).toEqual([false, []]);
      const large = { ...message, Content: 'x'.repeat(900_000) };
      const added: boolean[] = [];
      for (let n = 0; n < 19; n++) added.push(await one.add({ ...kept, eventId: String(n), message: large }));
      expect(added).toEqual([...Array<boolean>(18).fill(true), false]);
      await one.remove('0');
      expect(await two.add({ ...kept, eventId: '18', message: large })).toBe(true);
    });
  });
});

test('a result is kept over a restart, for 24 hours', async () => {
  let now = Date.now();
  const folder = temporaryFolder();
  const first = await open({ folder, now: () => now });
  const id = await first.start();
  await first.server.push(resultOf(id));
  await first.app.close();
  const second = await open({ folder, now: () => now, openApi: clientOf('x') });
  expect(await second.ask(id)).toMatchObject({ data: '{"text":"pushed"}' });
  await second.app.close();
  now += 86_400_000;
  const third = await open({ folder, now: () => now });
  expect((await third.ask(id)).http).toBe(404);
});

describeWithRedis('over one Redis', () => {
  test('one instance gets the push, and the question waits at the other', async () => {
    const url = await openRedis();
    const stores = await Promise.all([openRedisStores({ url }), openRedisStores({ url })]);
    const relays = await Promise.all(stores.map((each) => open({ stores: each })));
    const [one, two] = relays;
    // The platform knows one address; the page's questions go to either.
    two.pushSettings.url = one.pushSettings.url;
    const id = await two.start();
    const answer = two.ask(id, 15_000);
    await until(() => two.asked() === 1);
    const finishedAt = performance.now();
    two.finish();
    expect(await answer).toMatchObject({ data: '{"text":"done"}' });
    expect(performance.now() - finishedAt).toBeLessThan(SOON_MS);
    expect(two.asked()).toBe(1);
    // A repeat that goes to the other one is a repeat.
    const message = { MsgType: 'text', MsgId: 1 };
    await one.send(composePush(message, appid, settings));
    await two.send(composePush(message, appid, settings));
    await until(() => one.seen.length + two.seen.length > 0);
    expect(two.seen).toEqual([]);
    // One that comes before its call has the id is found by the other as well.
    await one.send(composePush(resultOf('R-early'), appid, settings));
    await stores[1].outcomes.setOwner('R-early', 'name:ann');
    expect(await stores[1].outcomes.findResult('R-early')).toMatchObject({ data: '{"text":"pushed"}' });
  });
});

describe('a configuration', () => {
  const env = {
    WX_APPID: appid,
    WX_SECRET: 'app-secret',
    WX_PUSH_TOKEN: 'AAAAA',
    WX_PUSH_AES_KEY: encodingAESKey,
    RELAY_HOOK_SECRET: 'hook-secret',
  };
  const load = (config: object, variables: Record<string, string | undefined>) => {
    const folder = temporaryFolder({
      'relay.config.json': JSON.stringify({ users: { wx: true }, push: config }),
    });
    return loadRelayConfig(`${folder}/relay.config.json`, { env: variables });
  };

  test('names the mode and the hook; the secrets come by environment', async () => {
    const { push: loaded, onPush } = await load({ hook: 'http://127.0.0.1:1/hook' }, env);
    expect(loaded).toEqual({ mode: 'safe', appid, token: 'AAAAA', encodingAESKey });
    expect(onPush).toEqual(expect.any(Function));
    const plain = await load({ mode: 'plain' }, { ...env, WX_PUSH_AES_KEY: undefined });
    expect(plain).toMatchObject({ push: { mode: 'plain', encodingAESKey: undefined } });
    expect(plain.onPush).toBeUndefined();
  });

  test.each(['WX_APPID', 'WX_PUSH_TOKEN', 'WX_PUSH_AES_KEY', 'RELAY_HOOK_SECRET'])(
    'needs %s',
    async (name) => {
      const loading = load({ hook: 'http://127.0.0.1:1/hook' }, { ...env, [name]: undefined });
      await expect(loading).rejects.toThrow(name);
    },
  );
});
