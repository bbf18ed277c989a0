/** Calls over a cloud function: whose init it is, files that do not stay, errors, one bill per id. */
import type { Fault, HostOptions, HttpRequest } from '../../src/simulator';
import { BILLINGS, callsOf, expectOver, openPage, type PageHost } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { CLOUD, FakeFunction } from './support/fake-function';

const page: typeof openPage = (options, config) =>
  openPage({ bridge: 'absent', upload: 'absent', ...options }, config);

function clouded(options: HostOptions = {}, config: object = {}): { host: PageHost; fn: FakeFunction } {
  const host = page(options, { channels: ['cloud'], cloud: CLOUD, ...config });
  return { host, fn: new FakeFunction(host) };
}

/** Watches `wx.cloud.init`. */
const initsOf = (host: PageHost): Any[] =>
  host.run(`
    var seen = [], init = wx.cloud.init;
    wx.cloud.init = function (options) { seen.push(options); return init(options); };
    return seen;
  `);

const INVOKE = { api: 'cloud.callFunction' };

describe('init', () => {
  test('an app that has called it is left alone; the environment goes with each call', async () => {
    const { host } = clouded({ cloud: { envs: ['other', 'env-1'] } });
    host.run("wx.cloud.init({ env: 'other' })");
    const inits = initsOf(host);
    expect((await host.outcome({ data: { a: host.mark('x') } })).error).toBeUndefined();
    expect(inits).toEqual([]);
    expect(host.cloud.invocations).toEqual([expect.objectContaining({ env: 'env-1' })]);
    for (const api of ['cloud.callFunction', 'cloud.getTempFileURL', 'cloud.deleteFile'])
      expect(callsOf(host, api)).toEqual([
        expect.objectContaining({ params: expect.objectContaining({ config: { env: 'env-1' } }) }),
      ]);
  });

  test('an app that has not gets it, once', async () => {
    const { host } = clouded();
    const inits = initsOf(host);
    for (const data of [1, 2]) expect((await host.outcome({ data })).result.data).toBe(data);
    expect(Array.from(inits, (options) => ({ ...options }))).toEqual([{ env: 'env-1' }]);
  });

  test.each([
    ['uploadFile', undefined],
    ['getTempFileURL', undefined],
    ['callFunction', undefined],
    ['callFunction', -1],
  ])(
    'it may take a moment until the cloud is ready for %s, whose error has the code %s',
    async (name, errCode) => {
      const { host, fn } = clouded();
      host.run(
        `var call = wx.cloud[name], tries = 0;
         wx.cloud[name] = function (options) {
           if (tries++ > 2) return call(options);
           options.fail({ errCode: errCode, errMsg: 'cloud.' + name + ":fail Cloud API isn't enabled, please call wx.cloud.init first" });
         };`,
        { name, errCode },
      );
      expect((await host.outcome({ data: [1, host.mark('x')] })).result.data).toHaveLength(2);
      expect(fn.events).toHaveLength(1);
    },
  );

  test('one that throws is told by what the cloud says', async () => {
    const { host, fn } = clouded();
    host.run("wx.cloud.init = function () { throw new Error('no cloud for you') }");
    const seen = host.start();
    await host.clock.run();
    expectOver(host, seen);
    expectWellFormed(host, seen.error);
    expect(seen.error.message).toMatch(/^invokeService:fail .*Cloud API isn't enabled/);
    expect(fn.events).toEqual([]);
  });
});

describe('what a call leaves behind: nothing', () => {
  const DATA = (host: PageHost): object => ({
    data: [
      host.mark('text ✓'),
      host.mark(new Uint8Array([66, 0, 89])),
      host.mark({ filePath: 'wxfile://tmp_a.png' }),
    ],
  });

  test.each(['2.2.3', '2.8.3', '2.11.0'])('on %s, once it is done', async (sdkVersion) => {
    const { host, fn } = clouded({ sdkVersion }, { prefer: 'shim' });
    const contents: string[] = [];
    host.market.provide('*', async (urls: string[], { fetch }) => {
      for (const url of urls) contents.push(Buffer.from(await fetch(url)).toString());
      return 'read';
    });
    expect((await host.outcome(DATA(host))).result.data).toBe('read');
    expect(contents).toEqual(['text ✓', 'B\0Y', 'PNG-A']);
    expect(fn.events[0]).not.toHaveProperty('files');
    expect(host.cloud.files).toEqual([]);
  });

  test.each([
    ['an upload fails', { api: 'uploadFile', nth: 3, effect: { fail: { errMsg: 'network error' } } }],
    ['no link is given', { api: 'cloud.getTempFileURL', nth: 3, effect: { fail: { errMsg: 'no link' } } }],
    ['an upload says no file id', { api: 'uploadFile', nth: 3, effect: { noUrl: true } }],
    ['the function fails', { ...INVOKE, effect: { fail: { errMsg: 'broken', errCode: -504002 } } }],
    ['a temporary file cannot be removed', { api: 'unlink', times: 1, effect: { fail: { errMsg: 'busy' } } }],
    ['a file in the cloud cannot be', { api: 'cloud.deleteFile', effect: { fail: { errMsg: 'busy' } } }],
  ] as const)('when %s', async (name, fault) => {
    // A host that gives promises, whose rejections somebody has to take.
    const { host } = clouded({ sdkVersion: '2.11.0' }, { prefer: 'shim' });
    host.fault(fault);
    // The others are done by then: of one that is cut off the phone knows no id, so the function sweeps it.
    if (fault.api === 'uploadFile') host.fault({ api: 'uploadFile', nth: 3, effect: { delay: 1000 } });
    const seen = host.start(DATA(host));
    await host.clock.run();
    expect(seen.told).toHaveLength(3);
    expect(host.unhandled).toEqual([]);
    expect(host.tempFiles()).toHaveLength(fault.api === 'unlink' ? 1 : 0);
    // The storage did take the upload whose answer had no id; and what it will not remove stays.
    const left = name === 'an upload says no file id' ? 1 : fault.api === 'cloud.deleteFile' ? 3 : 0;
    expect(host.cloud.files).toHaveLength(left);
  });

  test.each([1, 12, 30, 60, 400, 600])('when it is aborted after %d ms', async (ms) => {
    const { host } = clouded({ bandwidth: 1000 });
    host.market.provide('*', (_data, { sleep }) => sleep(5000));
    host.run("wx.cloud.init({ env: 'env-1' })");
    const seen = host.start(DATA(host));
    await host.clock.advance(ms);
    seen.task.abort();
    const handedOver = callsOf(host, 'cloud.callFunction').length;
    await host.clock.run();
    expectOver(host, seen);
    expect(seen.error).toMatchObject({
      message: 'invokeService:fail abort',
      billing: handedOver ? 'unknown' : 'none',
    });
    expect(callsOf(host, 'cloud.callFunction')).toHaveLength(handedOver);
    expect(host.cloud.files).toEqual([]);
  });

  test('when an upload cannot be stopped and ends after the abort', async () => {
    const { host } = clouded({ bandwidth: 10 });
    host.run('var f = wx.cloud.uploadFile; wx.cloud.uploadFile = function (o) { f(o) }');
    const seen = host.start({ data: host.mark('x') });
    await host.clock.advance(20);
    seen.task.abort();
    expect(host.transfers.inFlight).toBe(1);
    await host.clock.run();
    expectOver(host, seen);
    expect(callsOf(host, 'uploadFile')[0].reply).toBeDefined();
    expect(host.cloud.files).toEqual([]);
    expect(callsOf(host, 'cloud.callFunction')).toEqual([]);
  });

  test('a temporary file is gone as soon as it is uploaded', async () => {
    const { host } = clouded();
    host.market.provide('*', async () => {
      expect(host.tempFiles()).toEqual([]);
      return 'looked';
    });
    expect((await host.outcome({ data: host.mark('x') })).result.data).toBe('looked');
    expect(callsOf(host, 'unlink')).toHaveLength(1);
  });
});

describe('files', () => {
  test('of a long task stay until its result is there', async () => {
    const { host, fn } = clouded();
    host.market.provide('*', async (urls: string[], { fetch, sleep }) => {
      await sleep(60000);
      return Promise.all(urls.map(async (url) => Buffer.from(await fetch(url)).toString()));
    });
    host.run("wx.cloud.init({ env: 'env-1' })");
    const call = host.start({ data: [host.mark('x'), host.mark('y')], async: true });
    await host.clock.advance(5000);
    const { requestId } = call.result;
    expect(call.result).toEqual({ errMsg: 'invokeService:ok', requestId, requestID: requestId });
    expect(host.cloud.files).toHaveLength(2);
    expect([...fn.events[0].files].sort()).toEqual(host.cloud.files.map(({ fileID }) => fileID).sort());
    const { result } = await host.outcome({ requestId }, 'waitForResult');
    expect(result).toMatchObject({ status: 0, data: ['x', 'y'] });
    expect(host.cloud.files).toEqual([]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('progress is told', async () => {
    const { host } = clouded({ files: { 'wxfile://big': 'x'.repeat(50000) } });
    const seen = host.start({ data: host.mark({ filePath: 'wxfile://big' }) });
    const events: Any[] = host.run(
      'var all = []; task.onProgressUpdate(function (p) { all.push(p) }); return all',
      { task: seen.task },
    );
    await host.clock.run();
    expectOver(host, seen);
    const parts = Array.from(events).filter(({ phase }) => phase === 'upload');
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.at(-1)).toMatchObject({ progress: 100 });
  });

  test('no room for a temporary file, also where it waits for its turn', async () => {
    const { host, fn } = clouded();
    host.fault({
      api: 'writeFileSync',
      nth: 11,
      effect: { fail: { errMsg: 'the maximum size is exceeded' } },
    });
    const { error } = await host.outcome({ data: Array.from({ length: 15 }, (_, i) => host.mark(`t${i}`)) });
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(error.message).toMatch(/writeFile.*the maximum size is exceeded/);
    expect(fn.events).toEqual([]);
    expect(host.cloud.files).toEqual([]);
  });
});

test('a CloudID at any depth is lifted to where the platform resolves it, and put back by the function', async () => {
  const { host, fn } = clouded({ cloud: { openData: { ID1: { phone: '1' } } } });
  const data = host.run(
    "return { user: { phone: wx.cloud.CloudID('ID1') }, list: [new wx.cloud.CloudID('ID1')], k: 1 }",
  );
  await host.outcome({ data });
  const open = { cloudID: 'ID1', data: { phone: '1' } };
  expect(fn.events[0]).toMatchObject({
    data: '{"user":{"phone":{"cloudID":"ID1"}},"list":[{"cloudID":"ID1"}],"k":1}',
    'cloudID:ID1': open,
  });
  expect(fn.given).toEqual([{ user: { phone: open }, list: [open], k: 1 }]);
});

/** One row for each way of wording a failure (test/real-libraries). */
describe.each(['2.3.2', '2.11.0', '2.30.3'])('failures of wx.cloud on %s', (sdkVersion) => {
  const cloudedWithRelay = (options: HostOptions = {}): { host: PageHost; fn: FakeFunction } => {
    const network = {
      'https://relay.test': ({ path }: HttpRequest) =>
        path === '/session'
          ? { body: { token: 'T', expires_in: 7200 } }
          : { body: { errcode: 0, errmsg: 'ok', request_id: 'R', data: '"by relay"' } },
    };
    const config = { prefer: 'shim', channels: ['cloud', 'relay'], relay: { url: 'https://relay.test' } };
    return clouded({ sdkVersion, network, ...options }, config);
  };
  const fail = (errMsg: string, more: object = {}): Fault => ({
    ...INVOKE,
    ...more,
    effect: { fail: { errMsg: `operateWXData:fail ${errMsg}` } },
  });

  test('an app without a cloud: the next channel, and none of it is billed', async () => {
    const { host } = cloudedWithRelay({ cloud: { envs: [] } });
    expect((await host.outcome()).result.data).toBe('by relay');
    const alone = clouded({ sdkVersion, cloud: { envs: [] } }, { prefer: 'shim' });
    const { error } = await alone.host.outcome();
    expectWellFormed(alone.host, error);
    expect(error).toMatchObject({ billing: 'none', message: expect.stringContaining('请先开通云服务') });
  });

  test.each(['invalid scope', 'no permission'])('%s, each time: the next channel', async (words) => {
    const { host, fn } = cloudedWithRelay();
    host.fault(fail(words));
    expect((await host.outcome()).result.data).toBe('by relay');
    expect(fn.events).toEqual([]);
  });

  test('a refusal after a loss: the lost message may have arrived', async () => {
    const { host } = cloudedWithRelay();
    host.fault(fail('timeout', { nth: 1 }));
    for (let nth = 2; nth < 20; nth++) host.fault(fail('no permission', { nth }));
    expect((await host.outcome()).error).toMatchObject({ errCode: -2, billing: 'unknown' });
  });

  test.each(['timeout', 'interrupted'])(
    '%s each time: may have arrived, stays with the cloud',
    async (words) => {
      const { host } = cloudedWithRelay();
      host.fault({ ...INVOKE, effect: { fail: { errMsg: `operateWXData:fail ${words}` }, after: true } });
      const { error } = await host.outcome();
      expectWellFormed(host, error);
      expect(error).toMatchObject({ errCode: -2, billing: 'unknown' });
    },
  );

  test('a loss: the same call again, under its id', async () => {
    const { host, fn } = cloudedWithRelay();
    // The library itself tries three times from 2.11 on.
    for (const nth of sdkVersion === '2.3.2' ? [1] : [1, 2, 3]) {
      host.fault({ ...INVOKE, nth, effect: { fail: { errMsg: 'operateWXData:fail timeout' }, after: true } });
    }
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(new Set(fn.events.map(({ client_msg_id: id }) => id)).size).toBe(1);
    expect(fn.given).toEqual([1]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('没有权限, no permission, ECONNREFUSED'))],
    ['is too slow', (_event: Any, { sleep }: Any) => sleep(30_000)],
  ])('a function that %s has run, whatever it says', async (_name, run) => {
    const { host } = cloudedWithRelay({ cloud: { timeLimit: 3000 } });
    host.cloud.define(CLOUD.function, run);
    expect((await host.outcome()).error).toMatchObject({ errCode: -404011, billing: 'unknown' });
  });

  test('no answer at all: may have arrived', async () => {
    const { host } = cloudedWithRelay();
    host.fault({ ...INVOKE, effect: { lose: 'reply' } });
    expect((await host.outcome()).error).toMatchObject({ errCode: 104, billing: 'unknown' });
  });
});

describe('errors', () => {
  test.each([
    ['no', undefined, -501000, /FunctionName parameter could not be found/],
    ['broken', () => Promise.reject(new Error('oops')), -404011, /-504002, error message Error: oops/],
    ['slow', (_event: Any, { sleep }: Any) => sleep(30000), 104, /104 \. timeout/],
  ])('of a function that is %s', async (name, run, errCode, text) => {
    const { host } = clouded({}, { cloud: { env: 'env-1', function: name }, limits: { repeats: 1 } });
    if (run) host.cloud.define(name, run);
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode, billing: 'unknown' });
    expect(error.message).toMatch(/^invokeService:fail ((cloud\.)?callFunction:fail |104)/);
    expect(error.message).toMatch(text);
  });

  test.each([
    [
      { errcode: -11, errmsg: 'too often', request_id: 'R1' },
      { errCode: -11, requestId: 'R1' },
    ],
    [{ errcode: -1, errmsg: 'not listed' }, { errCode: -1 }],
    [undefined, { errCode: 101 }],
    [{ data: 'no envelope' }, { errCode: 101 }],
    ['text', { errCode: 101 }],
  ])('a function that answers %j', async (reply, wanted) => {
    const { host } = clouded();
    host.cloud.define(CLOUD.function, () => reply);
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(error).toMatchObject({ ...wanted, billing: 'unknown' });
  });

  const UNSENT = { errcode: -7, errmsg: 'not listed', billing: 'none' };

  test('a function that says it sent nothing on: billing none', async () => {
    const { host } = clouded();
    host.cloud.define(CLOUD.function, () => UNSENT);
    expect((await host.outcome()).error).toMatchObject({ errCode: -7, billing: 'none' });
  });

  test('the same after a loss: what was lost may be billed', async () => {
    const { host } = clouded();
    host.run("wx.cloud.init({ env: 'env-1' })");
    host.fault({ ...INVOKE, nth: 1, effect: { lose: 'reply' } });
    let asked = 0;
    host.cloud.define(CLOUD.function, () => (asked++ ? UNSENT : { errcode: 0, data: 'paid' }));
    expect((await host.outcome()).error).toMatchObject({ errCode: -7, billing: 'unknown' });
    expect(asked).toBe(2);
  });

  test('consumeType is refused with -1, before anything is uploaded or sent', async () => {
    const { host, fn } = clouded();
    const { error } = await host.outcome({ consumeType: 2, consumeAppid: 'wxpayer' });
    expect(error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(error.message).toMatch(/cloud: no consumeType/);
    expect(fn.events).toEqual([]);
  });

  test('a host without wx.cloud says so', async () => {
    const host = page({ sdkVersion: '1.9.6' }, { channels: ['cloud'], cloud: CLOUD });
    expect((await host.outcome()).error).toMatchObject({ errCode: -2, billing: 'none' });
    expect((await host.outcome()).error.message).toMatch(/no wx\.cloud on this host/);
  });
});

describe.each(BILLINGS)('billing %s', (billing) => {
  test.each([
    ['the request is lost', { lose: 'request' }],
    ['the answer is lost', { lose: 'reply' }],
    ['the connection breaks', { fail: { errMsg: 'request:fail' } }],
    ['it breaks after the function ran', { fail: { errMsg: 'request:fail' }, after: true }],
  ] as const)('%s: called again under the same id, one bill', async (_name, effect) => {
    const { host, fn } = clouded({ billing });
    host.run("wx.cloud.init({ env: 'env-1' })");
    host.fault({ ...INVOKE, nth: 1, effect });
    expect((await host.outcome({ data: { k: 1 } })).result.data).toEqual({ k: 1 });
    expect(callsOf(host, 'cloud.callFunction')).toHaveLength(2);
    expect(new Set(fn.events.map(({ client_msg_id }) => client_msg_id)).size).toBe(1);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a function that works for 50 s: asked three times, one bill', async () => {
    const { host } = clouded({ billing, cloud: { timeLimit: 60000 } });
    host.market.provide('*', async (_data, { sleep }) => {
      await sleep(50000);
      return 'slow';
    });
    expect((await host.outcome()).result.data).toBe('slow');
    expect(host.market.bills).toHaveLength(1);
  });

  test('a function that says "not yet" (scene 3) is asked again under the same id', async () => {
    const { host, fn } = clouded({ billing });
    const answer = (fn as Any).run.bind(fn);
    let asked = 0;
    host.cloud.define(CLOUD.function, (event, context) =>
      asked++ < 3 ? { errcode: 0, errmsg: 'pending', scene: 3 } : answer(event, context),
    );
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(asked).toBe(4);
    expect(new Set(host.cloud.invocations.map(({ event }) => event.client_msg_id)).size).toBe(1);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a long task whose first start still runs there is asked for again, not failed', async () => {
    const { host } = clouded({ billing });
    let asked = 0;
    host.cloud.define(CLOUD.function, () =>
      asked++ ? { errcode: 0, request_id: 'R1' } : { errcode: 0, errmsg: 'pending', scene: 3 },
    );
    expect((await host.outcome({ async: true })).result.requestId).toBe('R1');
    expect(asked).toBe(2);
  });

  test('three losses: 104, and the same id gets the stored outcome', async () => {
    const { host } = clouded({ billing });
    host.run("wx.cloud.init({ env: 'env-1' })");
    host.fault({ ...INVOKE, times: 3, effect: { lose: 'reply' } });
    const { error } = await host.outcome({ data: 1 });
    expect(error).toMatchObject({ errCode: 104, billing: 'unknown' });
    expect((await host.outcome({ data: 1, clientMsgId: error.clientMsgId })).result.data).toBe(1);
    expect(host.market.bills).toHaveLength(1);
  });
});
