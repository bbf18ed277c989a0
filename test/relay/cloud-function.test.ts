import log from 'node:console';
import { createHandler as createTyped } from '../../src/functions/cloud-function/handler';
import { createPlatformServer, makeSecurityKeys, type PlatformOptions } from '../../src/simulator';
import { cleanUpAfterTest, setEnvironment } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { SOON_MS, until } from '../support/until';
import { resultOf } from '../support/fakes/forged-pushes';
import { FakeSdkDatabase } from '../support/fakes/cloud-database';
import type { Any } from '../support/outcomes';

const createHandler = createTyped as Any;

const settings = { services: { wxocr: ['Ocr'] }, callsPerHour: 5 };
const call = { action: 'invoke', service: 'wxocr', api: 'Ocr', data: '{"a":1}', client_msg_id: 'id-1' };

/** As much of wx-server-sdk as the function uses. */
function openFakeCloud() {
  const deleted: string[] = [];
  const sent: object[] = [];
  const state = {
    openid: 'ann',
    invoke: async (request: object): Promise<object> => ({
      data: `{"text":${JSON.stringify(Object.keys(request)[0])}}`,
      errCode: 0,
      errMsg: 'openapi.serviceMarket.invokeService:ok',
    }),
  };
  const database = new FakeSdkDatabase(['calls', 'limits']);
  const cloud = {
    getWXContext: () => ({ OPENID: state.openid }),
    database: () => database.api,
    deleteFile: async ({ fileList }: { fileList: string[] }) => void deleted.push(...fileList),
    openapi: (options: object) => ({
      serviceMarket: {
        invokeService: (request: object) => {
          sent.push({ options, request });
          return state.invoke(request);
        },
      },
    }),
  };
  /** Documents of calls, without the notes of whose files they have. */
  const claims = (): Any[] => database.of('calls').filter(({ hash }) => hash);
  /** Makes all that is stored a day older. */
  const age = (): void => {
    for (const row of database.of('calls')) row.at = Date.now() - 86_400_001;
  };
  return {
    cloud,
    database,
    state,
    sent,
    deleted,
    claims,
    age,
    main: createHandler(cloud, settings, {}, __dirname),
  };
}

test('calls the service once, with the keys as the page wrote them, and repeats give the outcome', async () => {
  const { main, sent } = openFakeCloud();
  const reply = await main(call);
  expect(reply).toEqual({ errcode: 0, errmsg: 'ok', data: '{"text":"service"}' });
  expect(await main(call)).toEqual(reply);
  const request = {
    service: 'wxocr',
    api: 'Ocr',
    data: { a: 1 },
    client_msg_id: expect.stringMatching(/^id-1_[0-9a-f]{16}$/),
  };
  expect(sent).toEqual([{ options: { convertCase: false }, request }]);
});

test("the platform's refusal is the outcome; a failure of the cloud leaves it unknown; neither is sent again", async () => {
  for (const [errCode, expected] of [
    [45009, { errcode: 45009, errmsg: 'text' }],
    [-501001, { errcode: -2, errmsg: expect.stringContaining('outcome unknown'), billing: 'unknown' }],
  ]) {
    const { main, state, sent } = openFakeCloud();
    state.invoke = () => Promise.reject(Object.assign(new Error('x'), { errCode, errMsg: 'text' }));
    expect(await main(call)).toEqual(expected);
    expect(await main(call)).toEqual(expected);
    expect(sent).toHaveLength(1);
  }
});

test.each([null, [{ data: 'x' }], 5])('%j is no answer: unknown, and not sent again', async (answer) => {
  const { main, state, sent } = openFakeCloud();
  state.invoke = async () => answer as never;
  for (let n = 0; n < 2; n++) expect(await main(call)).toMatchObject({ errcode: -2, billing: 'unknown' });
  expect(sent).toHaveLength(1);
});

test('without its database nothing is sent, that is said, and the cause is logged', async () => {
  const logged = jest.spyOn(log, 'error').mockImplementation(() => {});
  const { main, database, sent } = openFakeCloud();
  database.breakDown();
  expect(await main(call)).toMatchObject({ errcode: -2, billing: 'none' });
  expect(await main({ action: 'retrieve', request_id: 'x' })).toMatchObject({ errcode: -2, billing: 'none' });
  expect(sent).toEqual([]);
  expect(String(logged.mock.calls)).toContain('the database cannot be reached');
  logged.mockRestore();
});

test('an outcome that cannot be stored at once is stored a little later', async () => {
  const { main, database, state, sent } = openFakeCloud();
  const { invoke } = state;
  state.invoke = async (request) => {
    let failures = 2;
    database.reach = () => {
      if (failures-- > 0) throw new Error('timeout');
    };
    return invoke(request);
  };
  const first = await main(call);
  expect(first).toMatchObject({ errcode: 0 });
  expect(await main(call)).toEqual(first);
  expect(sent).toHaveLength(1);
});

test("a claim that was written though its answer was lost is the run's own", async () => {
  const { main, database, sent, cloud } = openFakeCloud();
  const { collection } = database.api;
  const lossyApi = {
    ...database.api,
    collection: (name: string) => ({
      ...collection(name),
      async add(document: Any): Promise<never> {
        await collection(name).add(document);
        throw new Error('connection lost');
      },
    }),
  };
  const lossy = createHandler({ ...cloud, database: () => lossyApi }, settings, {}, __dirname);
  expect(await lossy(call)).toMatchObject({ errcode: 0 });
  expect(await main(call)).toMatchObject({ errcode: 0 });
  expect(sent).toHaveLength(1);
});

test('a call without the permission never left, and may be made again', async () => {
  const { main, state, sent } = openFakeCloud();
  const invoke = state.invoke;
  state.invoke = () =>
    Promise.reject(Object.assign(new Error('x'), { errCode: -604101, errMsg: 'no permission' }));
  expect(await main(call)).toMatchObject({
    errcode: -2,
    errmsg: expect.stringContaining('nothing was sent'),
    billing: 'none',
  });
  state.invoke = invoke;
  expect(await main(call)).toMatchObject({ errcode: 0 });
  expect(sent).toHaveLength(2);
});

test.each([
  ['an interface that is not listed', { ...call, api: 'x' }, -7],
  ['a service of Object.prototype', { ...call, service: 'constructor' }, -7],
  ['no id', { ...call, client_msg_id: '' }, -1],
  ['another action', { ...call, action: 'drop' }, -1],
  ['data that is no JSON', { ...call, data: '{' }, -1],
  ['data that cannot be written again', { ...call, data: '['.repeat(1001) + ']'.repeat(1001) }, -1],
  ["a long task without the function's own secret", { ...call, async: true }, -1],
  ['an unknown task', { action: 'retrieve', request_id: 'x' }, -1],
])('refuses %s', async (_name, event, errcode) => {
  const { main, sent } = openFakeCloud();
  expect(await main(event)).toEqual({
    errcode,
    errmsg: expect.stringMatching(/^Failed to /),
    billing: 'none',
  });
  expect(sent).toEqual([]);
});

test('takes data that is nested as deep as it may be, whatever its texts hold', async () => {
  const { main, sent } = openFakeCloud();
  const data = '['.repeat(1000) + JSON.stringify('[[{"\\' + '['.repeat(2000)) + ']'.repeat(1000);
  expect(await main({ ...call, data })).toMatchObject({ errcode: 0 });
  expect(sent).toHaveLength(1);
});

test('knows whose call it is: refuses the same id with other data, and callers without an identity', async () => {
  const { main, state, sent } = openFakeCloud();
  await main(call);
  // Another call was sent under this id.
  expect(await main({ ...call, data: '{"a":2}' })).toMatchObject({ errcode: -1, billing: 'unknown' });
  state.openid = 'bob';
  expect(await main(call)).toMatchObject({ errcode: 0 });
  state.openid = '';
  expect(await main(call)).toMatchObject({ errcode: 40001 });
  expect(sent).toHaveLength(2);
});

test('holds a user to the limit of calls in settings.json', async () => {
  const { main, sent } = openFakeCloud();
  for (let n = 0; n < 5; n++)
    expect(await main({ ...call, client_msg_id: `id-${n}` })).toMatchObject({ errcode: 0 });
  expect(await main({ ...call, client_msg_id: 'id-5' })).toMatchObject({ errcode: -11, billing: 'none' });
  expect(sent).toHaveLength(5);
});

test('puts open data where the page had its CloudID', async () => {
  const { main, sent } = openFakeCloud();
  const data = '{"user":{"cloudID":"C1"},"other":{"cloudID":"C2"}}';
  await main({ ...call, data, 'cloudID:C1': { cloudID: 'C1', data: { phone: '1' } } });
  const request = { user: { cloudID: 'C1', data: { phone: '1' } }, other: { cloudID: 'C2' } };
  expect(sent[0]).toMatchObject({ request: { data: request } });
});

const FILE = 'cloud://env.1/servicemarket/0.5_1';

test('the timer removes what is older than a day, and the files of tasks that nobody asked for', async () => {
  const { main, state, database, age, deleted } = openFakeCloud();
  await main({ ...call, files: [FILE, 5] });
  expect(await main({ Type: 'Timer' })).toMatchObject({ errcode: -1 });
  state.openid = '';
  await main({ Type: 'Timer' });
  expect(deleted).toEqual([]);
  age();
  // The call, and the note of whose file it is.
  expect(await main({ Type: 'Timer' })).toEqual({ removed: 2 });
  expect(deleted).toEqual([FILE]);
  expect(database.of('calls')).toEqual([]);
});

test("a user cannot have the function remove a file that is no upload of this channel's", async () => {
  const { main, state, age, deleted } = openFakeCloud();
  const others = [
    'banner.png',
    'servicemarket',
    'servicemarket/../banner.png',
    'servicemarket/a/b',
    'x/servicemarket/a',
  ];
  await main({ ...call, files: [...others.map((path) => `cloud://env.1/${path}`), 'cloud://a', FILE] });
  age();
  state.openid = '';
  await main({ Type: 'Timer' });
  expect(deleted).toEqual([FILE]);
});

test("a user cannot have the function remove another user's upload, whose name a provider may tell", async () => {
  const { main, state, claims, age, deleted } = openFakeCloud();
  await main({ ...call, files: [FILE] });
  // The page sends its own call again under another id, with the same upload.
  await main({ ...call, client_msg_id: 'id-2', files: [FILE] });
  state.openid = 'bob';
  await main({ ...call, files: [FILE, `${FILE}2`] });
  expect(claims().map(({ openid, files }) => [openid, files])).toEqual([
    ['ann', [FILE]],
    ['ann', [FILE]],
    ['bob', [`${FILE}2`]],
  ]);
  const bobs = claims()[2];
  bobs.at = Date.now() - 86_400_001;
  state.openid = '';
  await main({ Type: 'Timer' });
  expect(deleted).toEqual([`${FILE}2`]);
  age();
  await main({ Type: 'Timer' });
  expect(new Set(deleted)).toEqual(new Set([`${FILE}2`, FILE]));
});

test('a file that cannot be removed is tried again a day later, and holds up no other', async () => {
  const { main, cloud, state, claims, age, deleted } = openFakeCloud();
  const remove = cloud.deleteFile;
  cloud.deleteFile = (files) => (files.fileList[0] === FILE ? Promise.reject(new Error('x')) : remove(files));
  await main({ ...call, files: [FILE] });
  await main({ ...call, client_msg_id: 'id-2', files: [`${FILE}2`] });
  age();
  state.openid = '';
  await main({ Type: 'Timer' });
  expect(deleted).toEqual([`${FILE}2`]);
  expect(claims()).toMatchObject([{ files: [FILE] }]);
  age();
  cloud.deleteFile = remove;
  await main({ Type: 'Timer' });
  expect(deleted).toEqual([`${FILE}2`, FILE]);
  expect(claims()).toEqual([]);
});

test('a task with more files than a run can remove holds up the others for one run at most', async () => {
  const { main, cloud, state, claims, deleted } = openFakeCloud();
  const clock = jest.spyOn(Date, 'now');
  const start = 1_700_000_000_000;
  clock.mockReturnValue(start);
  await main({ ...call, files: Array.from({ length: 2000 }, (_, i) => `${FILE}-${i}`) });
  await main({ ...call, client_msg_id: 'id-2', files: [`${FILE}2`] });
  expect(claims()[0].files).toHaveLength(100);
  let now = start + 86_400_001;
  clock.mockImplementation(() => now);
  const remove = cloud.deleteFile;
  // Each takes a third of a second.
  cloud.deleteFile = (files) => {
    now += 333;
    return remove(files);
  };
  state.openid = '';
  await main({ Type: 'Timer' });
  expect(deleted).toHaveLength(61);
  expect(claims()).toHaveLength(2);
  await main({ Type: 'Timer' });
  expect(claims()).toEqual([]);
  expect(new Set(deleted).size).toBe(101);
  clock.mockRestore();
});

test('the result of a long task is given even when its files cannot be removed', async () => {
  const { cloud, claims } = openFakeCloud();
  const platform = await createPlatformServer({ appid: 'app', secret: 'secret' });
  platform.market.provide('wxocr/Ocr', () => 'paid');
  cloud.deleteFile = () => Promise.reject(new Error('no storage'));
  const env = { WX_APPID: 'app', WX_SECRET: 'secret', WX_API_URL: platform.origin };
  const main = createHandler(cloud, settings, env, __dirname);
  try {
    const { request_id } = await main({ ...call, async: true, files: [FILE] });
    expect(await main({ action: 'retrieve', request_id })).toMatchObject({ errcode: 0, data: '"paid"' });
    expect(claims()).toMatchObject([{ files: [FILE] }]);
  } finally {
    await platform.close();
  }
});

/** The function with a secret, and the platform's server, whose tasks end when `finish` is called. */
async function openWithSecret(
  own: object,
  platformOptions: Partial<PlatformOptions> = {},
  folder = __dirname,
) {
  const fake = openFakeCloud();
  const account = { appid: 'app', secret: 'secret' };
  const finishers: ((value: unknown) => void)[] = [];
  const providers = { '*': () => new Promise((resolve) => finishers.push(resolve)) };
  const platform = await createPlatformServer({ ...account, providers, ...platformOptions });
  cleanUpAfterTest(() => platform.close());
  const env = { WX_APPID: 'app', WX_SECRET: 'secret', WX_API_URL: platform.origin, ...process.env };
  const main = createHandler(fake.cloud, { ...settings, ...own }, env, folder);
  let calls = 0;
  return {
    ...fake,
    main,
    platform,
    finish: (value: unknown = { text: 'done' }) => finishers.shift()?.(value),
    start: async () => (await main({ ...call, client_msg_id: `task-${calls++}`, async: true })).request_id,
    ask: (request_id: string, wait_ms?: number) => main({ action: 'retrieve', request_id, wait_ms }),
    asked: () => platform.requests.filter(({ path }) => path === '/wxa/servicemarketretrieve').length,
  };
}

describe('what the platform pushes to the function', () => {
  test('makes it ask the platform; a question that waits is answered at once', async () => {
    const { main, start, ask, asked, finish, state } = await openWithSecret({ push: {} });
    const id = await start();
    const answer = ask(id, 15_000);
    await until(() => asked() === 1);
    finish();
    const finishedAt = performance.now();
    // The platform runs the function as the one whom the message is from.
    state.openid = 'o';
    expect(await main(resultOf(id))).toBe('success');
    expect(await main(resultOf(id))).toBe('success');
    expect(await answer).toMatchObject({ status: 0, data: '{"text":"done"}' });
    expect(performance.now() - finishedAt).toBeLessThan(SOON_MS);
    expect(asked()).toBe(2);
    state.openid = 'bob';
    expect(await ask(id)).toMatchObject({ errcode: -1 });
  });

  test('may have been sent by a user: what it says is never the result', async () => {
    const { main, start, ask, finish } = await openWithSecret({ push: {} });
    const id = await start();
    expect(await main(resultOf(id, '{"text":"forged"}'))).toBe('success');
    expect(await ask(id)).toMatchObject({ status: 1 });
    finish();
    expect(await ask(id)).toMatchObject({ status: 0, data: '{"text":"done"}' });
  });

  test('counts as a question of the user, and of nobody where the task is not known here', async () => {
    const { main, start, asked } = await openWithSecret({ push: {}, pollsPerHour: 1 });
    expect(await main(resultOf('R-foreign'))).toBe('success');
    expect(asked()).toBe(0);
    const id = await start();
    expect(await main(resultOf(id))).toBe('success');
    await expect(main(resultOf(id))).rejects.toThrow('the limit of 1 polls per hour is reached');
    expect(asked()).toBe(1);
  });

  test('is refused without the setting, and a question is answered at once', async () => {
    const { main, start, ask } = await openWithSecret({});
    const id = await start();
    expect(await main(resultOf(id))).toMatchObject({ errcode: -1 });
    expect(await ask(id, 15_000)).toMatchObject({ status: 1 });
  });
});

test('long tasks are encrypted and signed, plain calls left to the cloud', async () => {
  const { owner, platform } = makeSecurityKeys();
  const folder = temporaryFolder({ 'platform.pem': owner.platformCertificate.certificate });
  setEnvironment({ WX_SYMMETRIC_KEY: owner.symmetric.key, WX_PRIVATE_KEY: owner.privateKey });
  const security = {
    symmetric: { sn: owner.symmetric.sn },
    platformCertificate: { sn: owner.platformCertificate.sn, file: 'platform.pem' },
  };
  const secured = await openWithSecret({ security }, { security: platform }, folder);
  expect(await secured.start()).toEqual(expect.any(String));
  expect(await secured.main(call)).toMatchObject({ errcode: 0 });
  expect(secured.sent).toHaveLength(1);
  const plain = await openWithSecret({}, { security: platform });
  const logged = jest.spyOn(log, 'error').mockImplementation(() => {});
  cleanUpAfterTest(() => logged.mockRestore());
  expect(await plain.main({ ...call, async: true })).toMatchObject({ errcode: -2, billing: 'none' });
  expect(String(logged.mock.calls)).toContain('API security is switched on');
});
