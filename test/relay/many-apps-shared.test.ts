/** Two apps on two instances over real Redis, from one configuration file: one direct, one by a third-party platform. */
import { Redis } from 'ioredis';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRelayConfig, openDenials, openRecords, startRelay } from '../../src/relay';
import { composePush, createPlatformServer } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { until } from '../support/until';
import { COMPONENT, KEY, PUSH } from './support/open-component';
import { bearer } from './support/open-relay';
import { describeWithRedis, openRedis } from './support/servers';

const [DIRECT, MERCHANT] = ['wxdirect', 'wxmerchant'] as const;
const REFRESH_PATH = '/cgi-bin/component/api_authorizer_token';

interface Answer {
  errcode: number;
  token: string;
  data: string;
  url: string;
  request_id: string;
}

async function open() {
  const component = { ...COMPONENT, push: { url: '', ...PUSH } };
  const platform = await createPlatformServer({ appid: DIRECT, secret: 'direct-secret', component });
  cleanUpAfterTest(() => platform.close());
  const redis = await openRedis();
  const env = {
    REDIS_URL: redis,
    [`WX_SECRET_${DIRECT}`]: 'direct-secret',
    WX_COMPONENT_SECRET: COMPONENT.secret,
    WX_COMPONENT_TOKEN: PUSH.token,
    WX_COMPONENT_AES_KEY: PUSH.encodingAESKey,
    WX_COMPONENT_KEYS: KEY,
  };
  const files: string[] = [];
  const audits: { app: string; id: string; billing: string; user: string }[] = [];
  const start = async (): Promise<string> => {
    const file = join(temporaryFolder(), 'relay.config.json');
    files.push(file);
    const config = {
      users: { wx: true },
      services: { ocr: ['Ocr'] },
      upstream: platform.origin,
      redis: {},
      component: { appid: COMPONENT.appid },
      apps: {
        [DIRECT]: { budgets: { 'ocr/Ocr': { perDay: 3 } } },
        [MERCHANT]: { component: true, push: {} },
      },
    };
    writeFileSync(file, JSON.stringify(config));
    const options = await loadRelayConfig(file, { env, port: 0 });
    const write = (line: string): void => {
      const entry = JSON.parse(line) as (typeof audits)[number] & { audit?: boolean };
      if (entry.audit) audits.push(entry);
    };
    const relay = await startRelay({ ...options, logger: { level: 'info', stream: { write } } });
    cleanUpAfterTest(() => relay.close());
    return relay.url;
  };
  const urls = [await start(), await start()];
  component.push.url = `${urls[0]}/push/${COMPONENT.appid}`;
  await platform.component.sendTicket();
  await platform.component.authorize(MERCHANT);

  const ask = async (url: string, body: unknown, token?: string, more: object = {}): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', ...bearer(token), ...more };
    return (await (
      await fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
    ).json()) as Answer;
  };
  return {
    platform,
    urls,
    audits,
    env: env as unknown as NodeJS.ProcessEnv,
    file: files[0],
    redis,
    ask,
    /** The app is named as `relay.credential` of a page may name it. */
    signIn: async (appid: string, openid = 'ann', url = urls[0]): Promise<string> => {
      const credential = { type: 'wx', value: platform.issueCode(openid, appid), appid };
      return (await ask(`${url}/session`, { credential })).token;
    },
    call: (url: string, token: string, id: string, more: object = {}) =>
      ask(`${url}/invoke`, { service: 'ocr', api: 'Ocr', client_msg_id: id, data: '{}', ...more }, token),
    count: (path: string) => platform.requests.filter((request) => request.path === path).length,
    billsOf: (appid: string) => platform.market.bills.filter(({ by }) => by === appid).length,
  };
}

describeWithRedis('two apps on two relays', () => {
  test('are apart in calls, sessions, uploads, budgets, audits, sums and denials', async () => {
    const relay = await open();
    const [one, other] = relay.urls;
    const direct = await relay.signIn(DIRECT);
    const merchant = await relay.signIn(MERCHANT);
    // Both under the same openid and ids, at either instance.
    for (const [index, token] of [direct, merchant].entries()) {
      for (const id of ['1', '2']) {
        const first = await relay.call(relay.urls[index], token, id);
        expect(first).toMatchObject({ errcode: 0 });
        expect(await relay.call(relay.urls[1 - index], token, id)).toEqual(first);
      }
    }
    expect([relay.billsOf(DIRECT), relay.billsOf(MERCHANT)]).toEqual([2, 2]);

    const headers = { ...bearer(merchant), 'content-type': 'text/plain' };
    const uploaded = await fetch(`${one}/files`, { method: 'POST', body: 'a file', headers });
    const { url } = (await uploaded.json()) as Answer;
    expect(new URL(url).pathname).toMatch(new RegExp(`^/files/${MERCHANT}/`));
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace(MERCHANT, DIRECT))).status).toBe(404);

    expect((await relay.call(other, direct, '3')).errcode).toBe(0);
    expect((await relay.call(one, direct, '4')).errcode).toBe(-11);
    expect((await relay.call(one, merchant, '4')).errcode).toBe(0);

    const billed = relay.audits.filter(({ billing }) => billing === 'billed');
    expect(new Set(billed.map(({ app, id }) => `${app} ${id}`))).toEqual(
      new Set([
        ...['1', '2', '3'].map((id) => `${DIRECT} ${id}`),
        ...['1', '2', '4'].map((id) => `${MERCHANT} ${id}`),
      ]),
    );
    // One name of the user at both instances, and another in each app.
    expect(new Set(relay.audits.map(({ app, user }) => `${app} ${user}`)).size).toBe(2);
    expect(new Set(relay.audits.map(({ user }) => user)).size).toBe(2);

    const usage = await (await openRecords(relay.file, relay.env)).readUsage();
    expect(usage.map(({ appid, calls }) => `${appid} ${calls}`).sort()).toEqual([
      `${DIRECT} 3`,
      `${MERCHANT} 3`,
    ]);
    const all = await openRecords(relay.file, relay.env);
    await expect(all.findCalls({ id: '1' })).rejects.toThrow('Name one by --app');
    await expect(openRecords(relay.file, relay.env, 'wxother')).rejects.toThrow('does not list "wxother"');
    const records = await openRecords(relay.file, relay.env, MERCHANT);
    const calls = await records.findCalls({ user: records.digestUser('wx:ann') });
    await records.close();
    expect(calls.map(({ id }) => id)).toEqual(['1', '2', '4']);

    const denials = await openDenials(relay.file, relay.env, MERCHANT);
    await denials.deny({ kind: 'user', name: 'wx:ann' });
    await denials.close();
    await until(async () => (await relay.call(other, merchant, '1')).errcode === 40001);
    expect((await relay.call(other, direct, '1')).errcode).toBe(0);
  });

  test('share the ticket and the tokens, fetched once, and none of them lies open in Redis', async () => {
    const relay = await open();
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map((user) => relay.signIn(MERCHANT, user)));
    const replies = await Promise.all(
      tokens.flatMap((token, user) => relay.urls.map((url, at) => relay.call(url, token, `${user}-${at}`))),
    );
    expect(replies.filter(({ errcode }) => errcode !== 0)).toEqual([]);
    expect(relay.count('/cgi-bin/component/api_component_token')).toBe(1);
    expect(relay.count(REFRESH_PATH)).toBeLessThanOrEqual(1);
    const client = new Redis(relay.redis);
    cleanUpAfterTest(() => client.quit());
    const keys = await client.keys('servicemarket:*');
    const kept = await Promise.all(keys.map((key) => client.get(key).catch(() => '')));
    const { refreshTokens } = relay.platform.component;
    const secrets = [
      ...refreshTokens.call(relay.platform.component, MERCHANT),
      ...relay.platform.tokens(MERCHANT),
    ];
    expect(secrets.length).toBeGreaterThan(1);
    for (const secret of secrets) expect(kept.join()).not.toContain(secret);
    const owned = keys.filter((key) => /:(call|limit|sums|task|budget)/.test(key));
    expect(owned.length).toBeGreaterThan(0);
    expect(owned.filter((key) => !key.startsWith(`servicemarket:${MERCHANT}:`))).toEqual([]);
  });

  test('a refresh token that changes in the middle of 100 calls loses none, with one refresh in flight', async () => {
    const relay = await open();
    const token = await relay.signIn(MERCHANT);
    expect((await relay.call(relay.urls[0], token, 'first')).errcode).toBe(0);
    const [before, refreshes] = [
      relay.platform.component.refreshTokens(MERCHANT).length,
      relay.count(REFRESH_PATH),
    ];
    let done = 0;
    const replies = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        // Half of them begin after the token has ended.
        if (index >= 50) await until(() => done >= 25);
        if (index === 50)
          for (const value of relay.platform.tokens(MERCHANT)) relay.platform.revokeToken(value);
        const reply = await relay.call(relay.urls[index % 2], token, `id-${index}`);
        done++;
        return reply;
      }),
    );
    expect(replies.filter(({ errcode }) => errcode !== 0)).toEqual([]);
    expect(relay.billsOf(MERCHANT)).toBe(101);
    expect(relay.count(REFRESH_PATH) - refreshes).toBe(1);
    expect(relay.platform.component.refreshTokens(MERCHANT)).toHaveLength(before + 1);
  });

  test('a result is taken for the app whose call it was, and for no other', async () => {
    const relay = await open();
    const token = await relay.signIn(MERCHANT);
    const { request_id: id } = await relay.call(relay.urls[0], token, 'task', { async: true });
    const seal = (appid: string) => {
      const event = { MsgType: 'event', Event: 'servicemarket_async_api_result', Service: 'ocr', Api: 'Ocr' };
      const message = { ...event, CreateTime: 1, RequestID: id, Data: '"pushed"' };
      return composePush(message, appid, { url: '', ...PUSH });
    };
    const send = ({ query, body }: ReturnType<typeof seal>, appid: string): Promise<Response> =>
      fetch(`${relay.urls[1]}/push/${appid}?${new URLSearchParams(query)}`, { method: 'POST', body });
    expect((await send(seal(MERCHANT), MERCHANT)).status).toBe(403);
    const genuine = seal(COMPONENT.appid);
    expect((await send(genuine, DIRECT)).status).toBe(404);
    // It is no event of the third-party platform.
    expect((await send(genuine, COMPONENT.appid)).status).toBe(403);
    expect(await (await send(genuine, MERCHANT)).text()).toBe('success');
    expect(await (await send(genuine, MERCHANT)).text()).toBe('success');
    const result = await relay.ask(`${relay.urls[0]}/retrieve`, { request_id: id }, token);
    expect(result).toMatchObject({ errcode: 0, data: '"pushed"' });
  });

  test('an owner who takes the authorization back ends the calls of that app alone', async () => {
    const relay = await open();
    const [direct, merchant] = [await relay.signIn(DIRECT), await relay.signIn(MERCHANT)];
    await relay.platform.component.remove(MERCHANT);
    expect((await relay.call(relay.urls[1], merchant, '1')).errcode).not.toBe(0);
    expect(relay.billsOf(MERCHANT)).toBe(0);
    expect((await relay.call(relay.urls[1], direct, '1')).errcode).toBe(0);
    expect((await fetch(`${relay.urls[1]}/readyz`)).status).toBe(200);
  });
});
