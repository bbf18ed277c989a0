/** Authorization events of a third-party platform, as its owner learns of them by a hook in the configuration. */
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRelayConfig, openRedisStores, startRelay } from '../../src/relay';
import { composePush, createPlatformServer } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';
import { openHook } from './support/hook';
import { COMPONENT, KEY, PUSH } from './support/open-component';
import { describeWithRedis, openRedis } from './support/servers';

const MERCHANT = 'wxmerchant';
const ENV = {
  WX_COMPONENT_SECRET: COMPONENT.secret,
  WX_COMPONENT_TOKEN: PUSH.token,
  WX_COMPONENT_AES_KEY: PUSH.encodingAESKey,
  WX_COMPONENT_KEYS: KEY,
  RELAY_HOOK_SECRET: 'hook-secret',
};

function writeConfig(hook: string, more: object = {}): string {
  const file = join(temporaryFolder(), 'relay.config.json');
  const config = {
    users: { wx: true },
    component: { appid: COMPONENT.appid, hook },
    apps: { wxlisted: { component: true } },
    ...more,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** A relay, the platform that pushes to it, and the hook; `restart` begins another relay of the same configuration. */
async function open(answers: number[] = [], more: object = {}, env: object = {}) {
  const hook = await openHook(answers);
  const component = { ...COMPONENT, push: { url: '', ...PUSH } };
  const platform = await createPlatformServer({ appid: 'wxown', secret: 'own-secret', component });
  cleanUpAfterTest(() => platform.close());
  const file = writeConfig(hook.url, { upstream: platform.origin, ...more });
  const log: string[] = [];
  const start = async () => {
    const options = await loadRelayConfig(file, { env: { ...ENV, ...env }, port: 0 });
    const logger = { stream: { write: (line: string) => void log.push(line) } };
    const relay = await startRelay({ ...options, logger });
    cleanUpAfterTest(() => relay.close());
    component.push.url = `${relay.url}/push/${COMPONENT.appid}`;
    return relay;
  };
  const relay = await start();
  await platform.component.sendTicket();
  return {
    hook,
    platform,
    log,
    relay,
    start,
    url: () => component.push.url,
    told: () =>
      hook.seen.map(({ body }) => JSON.parse(body).message as { InfoType: string; AuthorizerAppid: string }),
  };
}

test('the owner is told of each, signed, once it has its effect; of no ticket, and no code', async () => {
  const { hook, platform, told, log } = await open();
  const codes = [await platform.component.authorize(MERCHANT), await platform.component.update(MERCHANT)];
  await until(() => hook.seen.length === 2);
  await platform.component.remove(MERCHANT);
  await until(() => hook.seen.length === 3);
  const about = { AppId: COMPONENT.appid, AuthorizerAppid: MERCHANT, CreateTime: expect.anything() };
  expect(told()).toEqual([
    { ...about, InfoType: 'authorized' },
    { ...about, InfoType: 'updateauthorized' },
    { ...about, InfoType: 'unauthorized' },
  ]);
  for (const { body, signature } of hook.seen) {
    const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    expect(createHmac('sha256', 'hook-secret').update(`${time}.${body}`).digest('hex')).toBe(mac);
    expect(JSON.parse(body)).toMatchObject({
      event_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      proved: true,
    });
    for (const code of codes) expect(body).not.toContain(code);
  }
  expect(log.join('')).not.toContain('hook-secret');
});

test('an event that comes again is told once, and one that had no effect is not told', async () => {
  const { hook, platform, told, url, relay } = await open();
  await platform.component.authorize(MERCHANT);
  await until(() => hook.seen.length === 1);
  const send = async (message: object): Promise<number> => {
    const settings = { url: '', ...PUSH, format: 'xml' as const };
    const { query, body } = composePush(message, COMPONENT.appid, settings, { AppId: COMPONENT.appid });
    return (await fetch(`${url()}?${new URLSearchParams(query)}`, { method: 'POST', body })).status;
  };
  const nowS = Math.floor(Date.now() / 1000);
  const event = { AppId: COMPONENT.appid, AuthorizerAppid: MERCHANT };
  // The owner has authorized again since.
  const late = { ...event, InfoType: 'unauthorized', CreateTime: nowS - 60 };
  const ended = { ...event, InfoType: 'unauthorized', CreateTime: nowS + 60 };
  const wrong = { ...event, InfoType: 'authorized', CreateTime: nowS, AuthorizationCode: 'no-such-code' };
  expect(await send(late)).toBe(200);
  expect(await send({ ...wrong, AuthorizerAppid: 'wxstranger' })).toBe(500);
  expect(await send(ended)).toBe(200);
  await until(() => hook.seen.length === 2);
  expect([await send(ended), await send(ended)]).toEqual([200, 200]);
  // What waits is tried once more.
  await relay.close();
  expect(told().map(({ InfoType, AuthorizerAppid }) => [InfoType, AuthorizerAppid])).toEqual([
    ['authorized', MERCHANT],
    ['unauthorized', MERCHANT],
  ]);
});

test('a ticket or a code that somebody has seen is handed to no app, although its pushes have the same key', async () => {
  const apps = { wxlisted: { component: true, push: { hook: 'http://127.0.0.1:1/hook-of-the-app' } } };
  const { url, log } = await open([], { apps }, { RELAY_HOOK_SECRET_wxlisted: 'another-secret' });
  const event = { AppId: COMPONENT.appid, CreateTime: Math.floor(Date.now() / 1000) };
  const settings = { url: '', ...PUSH, format: 'xml' as const };
  const send = async (message: object): Promise<number> => {
    const { query, body } = composePush(message, COMPONENT.appid, settings, { AppId: COMPONENT.appid });
    const target = url().replace(/[^/]+$/, 'wxlisted');
    return (await fetch(`${target}?${new URLSearchParams(query)}`, { method: 'POST', body })).status;
  };
  const ticket = { InfoType: 'component_verify_ticket', ComponentVerifyTicket: 'ticket@@@x' };
  const code = { InfoType: 'authorized', AuthorizerAppid: MERCHANT, AuthorizationCode: 'code' };
  expect([await send({ ...event, ...ticket }), await send({ ...event, ...code })]).toEqual([403, 403]);
  // What is the app's is taken.
  expect(await send({ ToUserName: 'gh_app', MsgType: 'text', MsgId: 1 })).toBe(200);
  expect(log.join('')).not.toContain('ticket@@@x');
});

test('while the hook is down the event is kept, also over a restart, until it is accepted', async () => {
  const { hook, platform, told, relay, start } = await open(Array<number>(50).fill(500));
  await platform.component.authorize(MERCHANT);
  await until(() => hook.seen.length > 0);
  await relay.close();
  hook.answers.length = 0;
  const before = hook.seen.length;
  await start();
  await until(() => hook.seen.length > before);
  expect(told().at(-1)).toMatchObject({ InfoType: 'authorized', AuthorizerAppid: MERCHANT });
  expect(new Set(hook.seen.map(({ body }) => body)).size).toBe(1);
});

describeWithRedis('over Redis', () => {
  test('it is kept for all instances', async () => {
    const url = await openRedis();
    const more = { redis: { prefix: 'provider:' } };
    const { hook, platform, relay } = await open(Array<number>(50).fill(500), more, { REDIS_URL: url });
    await platform.component.authorize(MERCHANT);
    await until(() => hook.seen.length > 0);
    await relay.close();
    const { pushes, outcomes } = await openRedisStores({ url, prefix: 'provider:' });
    cleanUpAfterTest(() => outcomes.close());
    expect(await pushes.list()).toMatchObject([
      { isProved: true, message: { InfoType: 'authorized', AuthorizerAppid: MERCHANT } },
    ]);
  });
});

test('the hook needs the secret that it is signed with, and has to be an address', async () => {
  const env = { ...ENV, RELAY_HOOK_SECRET: undefined };
  const load = (hook: string): Promise<unknown> => loadRelayConfig(writeConfig(hook), { env });
  await expect(load('http://127.0.0.1:1/hook')).rejects.toThrow('RELAY_HOOK_SECRET');
  await expect(load('no address')).rejects.toThrow('component.hook is "no address"');
});
