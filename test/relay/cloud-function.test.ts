import log from 'node:console';
import { createHandler as createTyped } from '../../src/functions/cloud-function/handler';
import { createPlatformServer } from '../../src/simulator';
import type { Any } from '../support/outcomes';

const createHandler = createTyped as Any;

type Row = Record<string, unknown> & { _id: string };
const settings = { services: { wxocr: ['Ocr'] }, callsPerHour: 5 };
const call = { action: 'invoke', service: 'wxocr', api: 'Ocr', data: '{"a":1}', client_msg_id: 'id-1' };

/** As much of wx-server-sdk as the function uses, with a database in memory. */
function fakeCloud() {
  const tables = new Map<string, Map<string, Row>>();
  const deleted: string[] = [];
  const sent: object[] = [];
  const state = {
    openid: 'ann',
    /** Runs before each request to the database. */
    reach: async (): Promise<void> => {},
    invoke: async (request: object): Promise<object> => ({
      data: `{"text":${JSON.stringify(Object.keys(request)[0])}}`,
      errCode: 0,
      errMsg: 'openapi.serviceMarket.invokeService:ok',
    }),
  };
  const table = (name: string): Map<string, Row> =>
    tables.get(name) ?? tables.set(name, new Map()).get(name)!;
  const matches = (row: Row, query: Record<string, unknown>): boolean =>
    Object.entries(query).every(([key, wanted]) =>
      typeof wanted === 'object' && wanted !== null
        ? (row[key] as number) < (wanted as { lt: number }).lt
        : row[key] === wanted,
    );
  const change = (row: Row, data: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(data)) {
      const { inc } = Object(value) as { inc?: number };
      row[key] = inc === undefined ? value : (row[key] as number) + inc;
    }
  };
  const collection = (name: string) => ({
    async add({ data }: { data: Row }) {
      await state.reach();
      if (table(name).has(data._id))
        throw Object.assign(new Error('x'), { errMsg: 'document.add:fail E11000 duplicate key' });
      table(name).set(data._id, { ...data });
    },
    where: (query: Record<string, unknown>) => {
      const found = (): Row[] => [...table(name).values()].filter((row) => matches(row, query));
      return {
        limit: (n: number) => ({
          async get() {
            await state.reach();
            return { data: found().slice(0, n) };
          },
        }),
        async update({ data }: { data: Record<string, unknown> }) {
          await state.reach();
          const rows = found();
          for (const row of rows) change(row, data);
          return { stats: { updated: rows.length } };
        },
        async remove() {
          const rows = found();
          for (const { _id } of rows) table(name).delete(_id);
          return { stats: { removed: rows.length } };
        },
      };
    },
  });
  const cloud = {
    getWXContext: () => ({ OPENID: state.openid }),
    database: () => ({
      command: { lt: (lt: number) => ({ lt }), inc: (inc: number) => ({ inc }) },
      collection,
    }),
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
  return { cloud, state, sent, deleted, table, main: createHandler(cloud, settings, {}) };
}

test('calls the service once, with the keys as the page wrote them, and repeats give the outcome', async () => {
  const { main, sent } = fakeCloud();
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

test("a second caller at the same time waits for the first one's outcome", async () => {
  const { main, state, sent } = fakeCloud();
  let answer: (value: object) => void = () => {};
  state.invoke = () => new Promise((resolve) => (answer = resolve));
  const both = [main(call), main(call)];
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
  answer({ data: '1', errCode: 0, errMsg: 'ok' });
  const expected = { errcode: 0, errmsg: 'ok', data: '1' };
  expect(await Promise.all(both)).toEqual([expected, expected]);
  expect(sent).toHaveLength(1);
});

test("the platform's refusal is the outcome; a failure of the cloud leaves it unknown; neither is sent again", async () => {
  for (const [errCode, expected] of [
    [45009, { errcode: 45009, errmsg: 'text' }],
    [-501001, { errcode: -2, errmsg: expect.stringContaining('outcome unknown'), billing: 'unknown' }],
  ]) {
    const { main, state, sent } = fakeCloud();
    state.invoke = () => Promise.reject(Object.assign(new Error('x'), { errCode, errMsg: 'text' }));
    expect(await main(call)).toEqual(expected);
    expect(await main(call)).toEqual(expected);
    expect(sent).toHaveLength(1);
  }
});

test.each([null, [{ data: 'x' }], 5])('%j is no answer: unknown, and not sent again', async (answer) => {
  const { main, state, sent } = fakeCloud();
  state.invoke = async () => answer as never;
  for (let n = 0; n < 2; n++) expect(await main(call)).toMatchObject({ errcode: -2, billing: 'unknown' });
  expect(sent).toHaveLength(1);
});

test('a claim whose function was killed is told to be unknown, and is not sent again', async () => {
  const { main, state, sent, table } = fakeCloud();
  state.invoke = () => new Promise(() => {});
  void main(call);
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
  [...table('servicemarket_calls').values()][0].at = Date.now() - 125_001;
  expect(await main(call)).toMatchObject({ errcode: -2, billing: 'unknown' });
  expect(sent).toHaveLength(1);
});

describe('a call that never leaves', () => {
  const neverLeft = () => Object.assign(new Error('x'), { errCode: -604101, errMsg: 'no permission' });

  test('is made by the run that waited for it', async () => {
    const { main, state, sent } = fakeCloud();
    const { invoke } = state;
    let refuse: (reason: Error) => void = () => {};
    state.invoke = () => new Promise((_resolve, reject) => (refuse = reject));
    const both = [main(call), main(call)];
    while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
    state.invoke = invoke;
    refuse(neverLeft());
    const replies = await Promise.all(both);
    expect(
      replies.map(({ errcode, billing }: { errcode: number; billing?: string }) => [errcode, billing]).sort(),
    ).toEqual([
      [-2, 'none'],
      [0, undefined],
    ]);
    expect(sent).toHaveLength(2);
  });

  test('does not count, nor does one whose id another run has', async () => {
    const { main, state, table } = fakeCloud();
    const { invoke } = state;
    state.invoke = () => Promise.reject(neverLeft());
    for (let n = 0; n < 6; n++) expect(await main(call)).toMatchObject({ errcode: -2, billing: 'none' });
    state.invoke = invoke;
    await Promise.all([main(call), main(call), main(call)]);
    expect([...table('servicemarket_limits').values()]).toMatchObject([{ used: 1 }]);
  });
});

test('without its database nothing is sent, that is said, and the cause is logged', async () => {
  const logged = jest.spyOn(log, 'error').mockImplementation(() => {});
  const { main, state, sent } = fakeCloud();
  state.reach = () => Promise.reject(new Error('no such collection'));
  expect(await main(call)).toMatchObject({ errcode: -2, billing: 'none' });
  expect(await main({ action: 'retrieve', request_id: 'x' })).toMatchObject({ errcode: -2, billing: 'none' });
  expect(sent).toEqual([]);
  expect(String(logged.mock.calls)).toContain('no such collection');
  logged.mockRestore();
});

test('an outcome that cannot be stored at once is stored a little later', async () => {
  const { main, state, sent } = fakeCloud();
  const { invoke } = state;
  state.invoke = async (request) => {
    let failures = 2;
    state.reach = async () => {
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
  const { main, state, sent, cloud } = fakeCloud();
  const { database } = cloud;
  cloud.database = () => {
    const whole = database();
    return {
      ...whole,
      collection: (name: string) => {
        const collection = whole.collection(name);
        const add: typeof collection.add = async (document) => {
          await collection.add(document);
          throw new Error('connection lost');
        };
        return { ...collection, add };
      },
    };
  };
  const lossy = createHandler(cloud, settings, {});
  expect(await lossy(call)).toMatchObject({ errcode: 0 });
  expect(await main(call)).toMatchObject({ errcode: 0 });
  expect(sent).toHaveLength(1);
  expect(state.openid).toBe('ann');
});

test('a call without the permission never left, and may be made again', async () => {
  const { main, state, sent } = fakeCloud();
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
  const { main, sent } = fakeCloud();
  expect(await main(event)).toEqual({
    errcode,
    errmsg: expect.stringMatching(/^Failed to /),
    billing: 'none',
  });
  expect(sent).toEqual([]);
});

test('takes data that is nested as deep as it may be, whatever its texts hold', async () => {
  const { main, sent } = fakeCloud();
  const data = '['.repeat(1000) + JSON.stringify('[[{"\\' + '['.repeat(2000)) + ']'.repeat(1000);
  expect(await main({ ...call, data })).toMatchObject({ errcode: 0 });
  expect(sent).toHaveLength(1);
});

test('refuses the same id with other data, and callers without an identity', async () => {
  const { main, state, sent } = fakeCloud();
  await main(call);
  // Another call was sent under this id.
  expect(await main({ ...call, data: '{"a":2}' })).toMatchObject({ errcode: -1, billing: 'unknown' });
  state.openid = 'bob';
  expect(await main(call)).toMatchObject({ errcode: 0 });
  state.openid = '';
  expect(await main(call)).toMatchObject({ errcode: 40001 });
  expect(sent).toHaveLength(2);
});

test('holds a user to the limit of calls; repeats are free', async () => {
  const { main } = fakeCloud();
  for (let n = 0; n < 5; n++)
    expect(await main({ ...call, client_msg_id: `id-${n}` })).toMatchObject({ errcode: 0 });
  expect(await main({ ...call, client_msg_id: 'id-5' })).toMatchObject({ errcode: -11 });
  expect(await main({ ...call, client_msg_id: 'id-0' })).toMatchObject({ errcode: 0 });
});

test('puts open data where the page had its CloudID', async () => {
  const { main, sent } = fakeCloud();
  const data = '{"user":{"cloudID":"C1"},"other":{"cloudID":"C2"}}';
  await main({ ...call, data, 'cloudID:C1': { cloudID: 'C1', data: { phone: '1' } } });
  const request = { user: { cloudID: 'C1', data: { phone: '1' } }, other: { cloudID: 'C2' } };
  expect(sent[0]).toMatchObject({ request: { data: request } });
});

const FILE = 'cloud://env.1/servicemarket/0.5_1';

test('the timer removes what is older than a day, and the files of tasks that nobody asked for', async () => {
  const { main, state, table, deleted } = fakeCloud();
  await main({ ...call, files: [FILE, 5] });
  expect(await main({ Type: 'Timer' })).toMatchObject({ errcode: -1 });
  const row = [...table('servicemarket_calls').values()][0];
  state.openid = '';
  await main({ Type: 'Timer' });
  expect(deleted).toEqual([]);
  row.at = Date.now() - 86_400_001;
  expect(await main({ Type: 'Timer' })).toEqual({ removed: 1 });
  expect(deleted).toEqual([FILE]);
  expect(table('servicemarket_calls').size).toBe(0);
});

test("a user cannot have the function remove a file that is no upload of this channel's", async () => {
  const { main, state, table, deleted } = fakeCloud();
  const others = [
    'banner.png',
    'servicemarket',
    'servicemarket/../banner.png',
    'servicemarket/a/b',
    'x/servicemarket/a',
  ];
  await main({ ...call, files: [...others.map((path) => `cloud://env.1/${path}`), 'cloud://a', FILE] });
  [...table('servicemarket_calls').values()][0].at = Date.now() - 86_400_001;
  state.openid = '';
  await main({ Type: 'Timer' });
  expect(deleted).toEqual([FILE]);
});

test('a file that cannot be removed is tried again a day later, and holds up no other', async () => {
  const { main, cloud, state, table, deleted } = fakeCloud();
  const remove = cloud.deleteFile;
  cloud.deleteFile = (files) => (files.fileList[0] === FILE ? Promise.reject(new Error('x')) : remove(files));
  await main({ ...call, files: [FILE] });
  await main({ ...call, client_msg_id: 'id-2', files: [`${FILE}2`] });
  const rows = [...table('servicemarket_calls').values()];
  for (const row of rows) row.at = Date.now() - 86_400_001;
  state.openid = '';
  expect(await main({ Type: 'Timer' })).toEqual({ removed: 1 });
  expect(deleted).toEqual([`${FILE}2`]);
  rows[0].at = Date.now() - 86_400_001;
  cloud.deleteFile = remove;
  expect(await main({ Type: 'Timer' })).toEqual({ removed: 1 });
  expect(deleted).toEqual([`${FILE}2`, FILE]);
});

test('a task with more files than a run can remove holds up the others for one run at most', async () => {
  const { main, cloud, state, table, deleted } = fakeCloud();
  const clock = jest.spyOn(Date, 'now');
  const start = 1_700_000_000_000;
  clock.mockReturnValue(start);
  await main({ ...call, files: Array.from({ length: 2000 }, (_, i) => `${FILE}-${i}`) });
  await main({ ...call, client_msg_id: 'id-2', files: [`${FILE}2`] });
  const rows = table('servicemarket_calls');
  expect([...rows.values()][0].files).toHaveLength(100);
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
  expect(rows.size).toBe(2);
  await main({ Type: 'Timer' });
  expect(rows.size).toBe(0);
  expect(new Set(deleted).size).toBe(101);
  clock.mockRestore();
});

test('the result of a long task is given even when its files cannot be removed', async () => {
  const { cloud, table } = fakeCloud();
  const platform = await createPlatformServer({ appid: 'app', secret: 'secret' });
  platform.market.provide('wxocr/Ocr', () => 'paid');
  cloud.deleteFile = () => Promise.reject(new Error('no storage'));
  const env = { WX_APPID: 'app', WX_SECRET: 'secret', WX_API_URL: platform.origin };
  const main = createHandler(cloud, settings, env);
  try {
    const { request_id } = await main({ ...call, async: true, files: [FILE] });
    expect(await main({ action: 'retrieve', request_id })).toMatchObject({ errcode: 0, data: '"paid"' });
    expect([...table('servicemarket_calls').values()]).toMatchObject([{ files: [FILE] }]);
  } finally {
    await platform.close();
  }
});
