/** One relay for several apps: what one has is never seen, spent or changed by another. */
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { createOpenApi } from '../../src/openapi';
import {
  authenticateByType,
  isJwtFor,
  jwtAuthenticator,
  type ManyAppsOptions,
  type OneOfApps,
  openRedisStores,
  wxCodeAuthenticator,
} from '../../src/relay';
import { FolderDenials } from '../../src/relay/stores/folder/denials';
import { composePush } from '../../src/simulator';
import { until } from '../support/until';
import { openUpstream } from './support/fake-upstream';
import { bearer, openRelay, refusal, serveRelay } from './support/open-relay';
import { describeWithRedis, openRedis } from './support/servers';

const [A, B] = ['wxa', 'wxb'] as const;
const PUSH_TOKEN = 'AAAAA';
const AES_KEYS = { [A]: 'a'.repeat(42) + 'A', [B]: 'b'.repeat(42) + 'A' };
const KEYS = { [A]: 'a'.repeat(32), [B]: 'b'.repeat(32) };
const ORIGINS = { [A]: 'https://a.example.com', [B]: 'https://b.example.com' };
const METRICS_TOKEN = 'a-token-of-the-owner';

type Appid = typeof A | typeof B;
const ANN_OF_A = { type: 'name', value: 'ann', appid: A };

type Credential = { type: string; value: string; appid?: string };

interface Answer {
  errcode: number;
  errmsg: string;
  data?: string;
  status?: number;
  token: string;
  url: string;
}

/** A relay of two apps, each at a platform of its own. */
async function open(
  changes: Partial<Record<Appid, Partial<OneOfApps>>> = {},
  options: Partial<ManyAppsOptions> = {},
) {
  const platforms = { [A]: await openUpstream(), [B]: await openUpstream() };
  const appOf = (appid: Appid): OneOfApps => {
    const openApi = createOpenApi({ appid, secret: 'app-secret', baseUrl: platforms[appid].url });
    const jwt = { issuer: 'owner', audience: appid };
    return {
      openApi,
      authenticate: authenticateByType({
        wx: wxCodeAuthenticator({ openApi }),
        jwt: jwtAuthenticator({ ...jwt, secret: KEYS[appid] }),
        name: async ({ value }) => value,
      }),
      recognizes: isJwtFor(jwt),
      services: { [`ocr-of-${appid}`]: ['Ocr'], ocr: ['Ocr'] },
      allowedOrigins: [ORIGINS[appid]],
      hosts: [`${appid}.example.com`],
      push: { appid, token: PUSH_TOKEN, encodingAESKey: AES_KEYS[appid] },
      ...changes[appid],
    };
  };
  const relay = await serveRelay({
    apps: { [A]: appOf(A), [B]: appOf(B) },
    metrics: { token: METRICS_TOKEN },
    ...options,
  });
  const { url, post } = relay;
  const ask = async (path: string, body: unknown, token?: string): Promise<Answer> =>
    (await (await post(path, body, token)).json()) as Answer;
  const signIn = async (appid: Appid, user = 'ann'): Promise<string> =>
    (await ask('/session', { credential: { type: 'name', value: user, appid } })).token;
  return {
    ...relay,
    platforms,
    ask,
    signIn,
    call: (token: string, id = 'id', more: object = {}) =>
      ask('/invoke', { service: 'ocr', api: 'Ocr', client_msg_id: id, data: '{}', ...more }, token),
    upload: async (token: string): Promise<string> => {
      const headers = { ...bearer(token), 'content-type': 'text/plain' };
      const reply = await fetch(`${url}/files`, { method: 'POST', body: 'a file', headers });
      return ((await reply.json()) as Answer).url;
    },
    metrics: async () => (await fetch(`${url}/metrics`, { headers: bearer(METRICS_TOKEN) })).text(),
    sent: (appid: Appid) => platforms[appid].count('/wxa/servicemarket'),
  };
}

/** With headers that `fetch` does not let its caller set. */
async function signInAs(
  url: string,
  credential: Credential,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const sending = request(`${url}/session`, options, async (reply) => {
      let text = '';
      for await (const piece of reply) text += piece;
      resolve(JSON.parse(text) as Answer);
    });
    sending.on('error', reject).end(JSON.stringify({ credential }));
  });
}

function jwtOf(appid: Appid, key = KEYS[appid]): Promise<string> {
  const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject('ann');
  return token.setIssuer('owner').setAudience(appid).setExpirationTime('1h').sign(Buffer.from(key));
}

const pageOf = (appid: string): Record<string, string> => ({
  referer: `https://servicewechat.com/${appid}/12/page-frame.html`,
});

describe('a session is of the app', () => {
  /** Which app's platform a call of the session reaches. */
  async function appOf(relay: Awaited<ReturnType<typeof open>>, { token }: Answer): Promise<Appid[]> {
    await relay.call(token);
    return ([A, B] as const).filter((appid) => relay.sent(appid) > 0);
  }

  test.each<[string, Credential, Record<string, string>]>([
    ['that the credential names', { type: 'wx', value: 'good-1', appid: B }, pageOf(A)],
    [
      'whose host name is used',
      { type: 'wx', value: 'good-1' },
      { host: 'WXB.example.com:8080', ...pageOf(A) },
    ],
    ['whose page the platform names', { type: 'wx', value: 'good-1' }, pageOf(B)],
  ])('%s', async (_how, credential, headers) => {
    const relay = await open();
    expect(await appOf(relay, await signInAs(relay.url, credential, headers))).toEqual([B]);
  });

  test('that is the audience of a token, and its key decides', async () => {
    const relay = await open();
    const value = await jwtOf(B);
    expect(await appOf(relay, await signInAs(relay.url, { type: 'jwt', value }, pageOf(A)))).toEqual([B]);
    // Signed by the owner of A, for B; and one for B, said to be for A.
    const forged = await jwtOf(B, KEYS[A]);
    await refusal(await relay.post('/session', { credential: { type: 'jwt', value: forged } }), 401, 40001);
    const misplaced = { type: 'jwt', value, appid: A };
    await refusal(await relay.post('/session', { credential: misplaced }), 401, 40001);
  });

  test('and a code of one app opens none of another', async () => {
    const relay = await open();
    relay.platforms[B].replies.set('/sns/jscode2session', () => ({ errcode: 40029, errmsg: 'invalid code' }));
    const answer = await signInAs(relay.url, { type: 'wx', value: 'good-of-a' }, pageOf(B));
    expect(answer.errcode).toBe(40001);
  });

  test('and nothing that comes later changes that', async () => {
    const relay = await open();
    const token = await relay.signIn(B);
    const call = { service: 'ocr', api: 'Ocr', client_msg_id: 'id' };
    const headers = { 'x-forwarded-host': 'wxa.example.com', ...pageOf(A) };
    expect((await relay.post('/invoke', call, token, headers)).status).toBe(200);
    expect((await relay.post('/invoke', { ...call, client_msg_id: '2', appid: A }, token)).status).toBe(400);
    expect([relay.sent(A), relay.sent(B)]).toEqual([0, 1]);
  });

  test.each<[string, Credential, Record<string, string>, string]>([
    ['none is named', { type: 'wx', value: 'good-1' }, {}, 'it serves several apps, and nothing says which'],
    [
      'an unknown one is named',
      { type: 'wx', value: 'good-1', appid: 'wxc' },
      {},
      'does not serve the app wxc',
    ],
    ['another page is', { type: 'wx', value: 'good-1' }, pageOf('wxc'), 'serves several apps'],
    [
      'no page of the platform is',
      { type: 'wx', value: 'x' },
      { referer: `https://x/${A}/1/` },
      'several apps',
    ],
    [
      'two are named',
      { type: 'wx', value: 'good-1', appid: A },
      { host: 'wxb.example.com' },
      'names another app than the one of this host name',
    ],
  ])('or there is none: %s', async (_how, credential, headers, text) => {
    const relay = await open();
    const { errcode, errmsg } = await signInAs(relay.url, credential, headers);
    expect([errcode, errmsg]).toEqual([-1, expect.stringContaining(text)]);
    expect(errmsg).toMatch(/Name one by "appid" in the credential, or use its host name\.$/);
    expect(relay.platforms[A].seen).toEqual([]);
  });
});

describe.each(['folder', 'redis'] as const)('over %s', (backEnd) => {
  const describeIt = backEnd === 'redis' ? describeWithRedis : describe;
  const openOver = async (changes: Parameters<typeof open>[0] = {}) => {
    const denial = (name: string) => ({ kind: 'user' as const, name });
    if (backEnd === 'folder') {
      const relay = await open(changes);
      const deny = (appid: Appid, user: string) =>
        new FolderDenials(join(relay.folder, 'apps', appid, 'denied')).add(denial(user));
      return { ...relay, deny };
    }
    const { sessions, forApp, outcomes } = await openRedisStores({ url: await openRedis() });
    const relay = await open(changes, { stores: { sessions, forApp, close: () => outcomes.close() } });
    return { ...relay, deny: (appid: Appid, user: string) => forApp(appid).denials.add(denial(user)) };
  };

  describeIt('another app', () => {
    test("gets nothing of a user's call under the same name and id", async () => {
      const relay = await openOver();
      const [a, b] = [await relay.signIn(A), await relay.signIn(B)];
      const ofA = await relay.call(a, 'id', { data: '{"of":"A"}' });
      const ofB = await relay.call(b, 'id', { data: '{"of":"B"}' });
      expect([ofA.data, ofB.data].map((data) => JSON.parse(data as string).got)).toEqual([
        { of: 'A' },
        { of: 'B' },
      ]);
      expect([relay.sent(A), relay.sent(B)]).toEqual([1, 1]);
      // The platform may know repeats by the id, whoever pays.
      const idAt = (appid: Appid): unknown => {
        const { body } = relay.platforms[appid].seen.find(({ path }) => path === '/wxa/servicemarket')!;
        return (JSON.parse(body.toString()) as { client_msg_id: string }).client_msg_id;
      };
      expect(idAt(A)).not.toBe(idAt(B));
      // A repeat gets what is its own.
      expect(await relay.call(a, 'id', { data: '{"of":"A"}' })).toEqual(ofA);
      expect(relay.sent(A)).toBe(1);
    });

    test('calls no service but its own', async () => {
      const relay = await openOver();
      const call = { service: 'ocr-of-wxa', api: 'Ocr', client_msg_id: 'id' };
      await refusal(await relay.post('/invoke', call, await relay.signIn(B)), 403, -7);
      expect((await relay.post('/invoke', call, await relay.signIn(A))).status).toBe(200);
    });

    test('cannot ask for a long task, which is told from one that is not there by nothing', async () => {
      const relay = await openOver();
      const [a, b] = [await relay.signIn(A), await relay.signIn(B)];
      await relay.call(a, 'task', { async: true });
      const question = { request_id: 'R-task' };
      const theirs = await refusal(await relay.post('/retrieve', question, b), 404, -1);
      expect(await refusal(await relay.post('/retrieve', { request_id: 'R-none' }, b), 404, -1)).toBe(theirs);
      expect((await relay.ask('/retrieve', question, a)).errcode).toBe(0);
      expect(relay.platforms[B].count('/wxa/servicemarketretrieve')).toBe(0);
    });

    test('spends nothing of limits and budgets', async () => {
      const budgets = { 'ocr/Ocr': { perDay: 2 } };
      const relay = await openOver({ [A]: { limits: { callsPerHour: 1 }, budgets }, [B]: { budgets } });
      const [a, b] = [await relay.signIn(A), await relay.signIn(B)];
      const codes = [];
      for (const [token, id] of [
        [a, '1'],
        [a, '2'],
        [b, '1'],
        [b, '2'],
        [b, '3'],
      ]) {
        codes.push((await relay.call(token, id)).errcode);
      }
      expect(codes).toEqual([0, -11, 0, 0, -11]);
    });

    test('goes on while a user of the same name is denied, whose sessions end', async () => {
      const relay = await openOver();
      const [a, b] = [await relay.signIn(A), await relay.signIn(B)];
      await relay.deny(A, 'name:ann');
      await until(async () => (await relay.call(a)).errcode === 40001);
      expect((await relay.ask('/session', { credential: ANN_OF_A })).errcode).toBe(-7);
      expect((await relay.call(b)).errcode).toBe(0);
      expect(await relay.signIn(B)).toMatch(/^[\w-]{43}$/);
    });

    test.each([
      ['sealed for another app', A, B, AES_KEYS[B]],
      ['with the key of another app', A, A, AES_KEYS[B]],
    ] as const)('cannot push a result %s', async (_how, to, inside, encodingAESKey) => {
      const relay = await openOver();
      const a = await relay.signIn(A);
      await relay.call(a, 'task', { async: true });
      const push = sealPush(inside, encodingAESKey);
      await refusal(await sendPush(relay.url, to, push), 403, -7);
      expect(JSON.parse((await relay.ask('/retrieve', { request_id: 'R-task' }, a)).data as string)).toEqual({
        of: 'R-task',
      });
    });

    test('cannot push a result for a task of another by its own push', async () => {
      const relay = await openOver();
      const a = await relay.signIn(A);
      await relay.call(a, 'task', { async: true });
      const push = sealPush(B);
      expect((await sendPush(relay.url, B, push)).status).toBe(200);
      expect(JSON.parse((await relay.ask('/retrieve', { request_id: 'R-task' }, a)).data as string)).toEqual({
        of: 'R-task',
      });
      // Its own is taken.
      const own = sealPush(A);
      expect((await sendPush(relay.url, A, own)).status).toBe(200);
      expect((await relay.ask('/retrieve', { request_id: 'R-task' }, a)).data).toBe('"pushed"');
    });
  });
});

/** The result of the task R-task, as the platform pushes it to an app. */
function sealPush(appid: Appid, encodingAESKey = AES_KEYS[appid]): ReturnType<typeof composePush> {
  const event = { MsgType: 'event', Event: 'servicemarket_async_api_result', Service: 'ocr', Api: 'Ocr' };
  const message = { ToUserName: 'gh', CreateTime: 1, ...event, RequestID: 'R-task', Data: '"pushed"' };
  return composePush(message, appid, { url: '', token: PUSH_TOKEN, encodingAESKey });
}

function sendPush(
  url: string,
  appid: string,
  { query, body }: ReturnType<typeof composePush>,
): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/push/${appid}?${new URLSearchParams(query)}`, { method: 'POST', body, headers });
}

test('the file of one app is read at no path of another, and none is an upload of another in data', async () => {
  const relay = await open();
  const [a, b] = [await relay.signIn(A), await relay.signIn(B)];
  const url = await relay.upload(a);
  expect(url).toMatch(new RegExp(`^${relay.url}/files/${A}/[\\w-]{71}$`));
  expect(await (await fetch(url)).text()).toBe('a file');
  for (const other of [url.replace(`/${A}/`, `/${B}/`), url.replace(`/${A}/`, '/wxc/')]) {
    await refusal(await fetch(other), 404, -1);
    expect((await fetch(other, { method: 'HEAD' })).status).toBe(404);
  }
  // With the same content at another URL a repeat is the same call, but only where the file is the app's own.
  const again = await relay.upload(a);
  const dataOf = (file: string): object => ({ data: JSON.stringify({ file }) });
  expect((await relay.call(a, 'id', dataOf(url))).errcode).toBe(0);
  expect((await relay.call(a, 'id', dataOf(again))).errcode).toBe(0);
  expect((await relay.call(b, 'id', dataOf(url))).errcode).toBe(0);
  expect(
    (await relay.post('/invoke', { service: 'ocr', api: 'Ocr', client_msg_id: 'id', ...dataOf(again) }, b))
      .status,
  ).toBe(409);
});

test('a page of one app reads no answer of another', async () => {
  const relay = await open();
  const allowed = async (app: Appid, origin: string): Promise<(string | null)[]> => {
    const headers = { origin };
    const credential = { type: 'name', value: 'ann', appid: app };
    const session = await relay.post('/session', { credential }, undefined, headers);
    const { token } = (await session.json()) as Answer;
    const call = { service: 'ocr', api: 'Ocr', client_msg_id: 'id' };
    const file = await fetch(await relay.upload(token), { headers });
    const answers = [session, await relay.post('/invoke', call, token, headers), file];
    return answers.map((answer) => answer.headers.get('access-control-allow-origin'));
  };
  expect(await allowed(A, ORIGINS[A])).toEqual([ORIGINS[A], ORIGINS[A], ORIGINS[A]]);
  expect(await allowed(B, ORIGINS[A])).toEqual([null, null, null]);
});

test('the stores that all of them share are closed with the relay', async () => {
  const close = jest.fn(async () => {});
  const { app } = await open({}, { stores: { close } });
  expect(close).not.toHaveBeenCalled();
  await app.close();
  expect(close).toHaveBeenCalledTimes(1);
});

test('users are named otherwise, and counts, lines and sums are those of the app', async () => {
  const relay = await open();
  for (const appid of [A, B] as const) await relay.call(await relay.signIn(appid));
  await relay.call(await relay.signIn(A, 'bob'), 'other');
  await refusal(
    await relay.post('/invoke', { service: 'no', api: 'no', client_msg_id: '1' }, await relay.signIn(B)),
    403,
    -7,
  );
  const lines = relay.log.map((line) => JSON.parse(line)).filter(({ audit }) => audit);
  expect(lines.map(({ app }) => app)).toEqual([A, B, A]);
  expect(new Set(lines.map(({ user }) => user)).size).toBe(3);
  const text = await relay.metrics();
  const calls = (appid: string): string =>
    `servicemarket_calls_total{app="${appid}",service="ocr",api="Ocr",outcome="answered"}`;
  expect(text).toContain(`${calls(A)} 2`);
  expect(text).toContain(`${calls(B)} 1`);
  expect(text).toContain(`servicemarket_refusals_total{app="${B}",status="403"} 1`);
  const named = [...text.matchAll(/app="([^"]*)"/g)].map(([, app]) => app);
  expect(new Set(named)).toEqual(new Set([A, B]));
  expect(readdirSync(join(relay.folder, 'apps')).sort()).toEqual([A, B]);
});

test('an app whose owner has changed its secret does not make the relay unready, all of them do', async () => {
  const relay = await open();
  const spoil = (appid: Appid) =>
    relay.platforms[appid].replies.set('/cgi-bin/stable_token', () => ({ errcode: 40125, errmsg: 'wrong' }));
  spoil(A);
  expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
  const other = await open();
  for (const appid of [A, B] as const) {
    other.platforms[appid].replies.set('/cgi-bin/stable_token', () => ({ errcode: 40125, errmsg: 'wrong' }));
  }
  expect((await fetch(`${other.url}/readyz`)).status).toBe(503);
});

test('an app that is moved among others keeps the ids of its calls at the platform: a repeat may still come', async () => {
  const relay = await open();
  await relay.call(await relay.signIn(A));
  const upstream = await openUpstream();
  const alone = await openRelay({
    appid: A,
    authenticate: authenticateByType({ name: async ({ value }) => value }),
    services: { ocr: ['Ocr'] },
    openApi: createOpenApi({ appid: A, secret: 'app-secret', baseUrl: upstream.url }),
  });
  const call = { service: 'ocr', api: 'Ocr', client_msg_id: 'id', data: '{}' };
  expect((await alone.post('/invoke', call, await alone.signIn('ann'))).status).toBe(200);
  const [id, idAlone] = [relay.platforms[A], upstream].map(({ seen }) => {
    const { body } = seen.find(({ path }) => path === '/wxa/servicemarket')!;
    return (JSON.parse(body.toString()) as { client_msg_id: string }).client_msg_id;
  });
  expect(idAlone).toBe(id);
});
