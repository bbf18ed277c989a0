/** Hosts, polyfills and errors of shapes that no measured host has: nothing is lost, and nothing runs in a circle. */
import { answered, ended, imported, injected, pass, watch, wxWith } from './support/own-host';
import type { Any } from '../support/outcomes';

const CALL = { service: 's', api: 'a' };
const posts = (data: unknown = 1): Any => ({ operateWXData: ({ success }: Any) => success(answered(data)) });
const uploads = { uploadToCommonCDN: ({ success }: Any) => success({ fileUrl: 'https://cdn/1' }) };
class NativeCDN {
  symbol = NativeCDN;
  constructor(public options: unknown) {}
}

describe('another tool’s polyfill', () => {
  test('answers by callbacks alone', async () => {
    const market = {
      invokeService: ({ success }: Any) => void setTimeout(success, 5, { data: 7 }),
      CDN: NativeCDN,
    };
    const api = imported(wxWith({ serviceMarket: market }));
    expect((await ended(api.invokeService(CALL))).ok).toMatchObject({ data: 7 });
  });

  test('fails by callbacks alone', async () => {
    const market = {
      invokeService: ({ fail }: Any) => void fail({ errMsg: 'invokeService:fail no' }),
      CDN: NativeCDN,
    };
    const api = imported(wxWith({ serviceMarket: market }));
    expect((await ended(api.invokeService(CALL))).error).toMatchObject({
      message: 'invokeService:fail no',
      errCode: -2,
    });
  });

  test('has no CDN: what is marked goes over a channel, the rest over the polyfill', async () => {
    const carried: Any[] = [];
    const market = {
      invokeService: (options: Any) => {
        carried.push(options);
        return Promise.resolve({ data: 0 });
      },
    };
    const wx = wxWith({ ...posts(1), ...uploads, serviceMarket: market });
    const api = imported(wx);
    expect((await ended(api.invokeService(CALL))).ok).toMatchObject({ data: 0 });
    expect((await ended(api.invokeService({ ...CALL, data: new api.CDN('x') }))).ok).toMatchObject({
      data: 1,
    });
    expect(carried).toHaveLength(1);
  });

  test('has a CDN and no invokeService: its markers serve nobody, so ours are made', async () => {
    const sent: Any[] = [];
    const wx = wxWith({
      ...uploads,
      operateWXData({ data, success }: Any) {
        sent.push(data ?? success);
        success(answered(1));
      },
      serviceMarket: { CDN: NativeCDN },
    });
    const api = imported(wx);
    const marker = new api.CDN('x');
    expect(marker).not.toBeInstanceOf(NativeCDN);
    expect(marker).toBeInstanceOf(api.CDN);
    expect((await ended(api.invokeService({ ...CALL, data: { c: marker } }))).ok).toMatchObject({ data: 1 });
    expect(sent).toHaveLength(1);
  });

  test('has a CDN that cannot be called with new', async () => {
    const market = {
      invokeService: () => Promise.resolve({ data: 0 }),
      CDN: (options: unknown) => ({ options }),
    };
    const api = imported(wxWith({ serviceMarket: market }));
    expect((await ended(api.invokeService({ ...CALL, data: { options: 1 } }))).ok).toMatchObject({ data: 0 });
  });

  test('has members that throw when they are read', async () => {
    const market = Object.defineProperty({ extra: 1 }, 'getAsyncResult', { enumerable: true, get() { throw new Error('denied'); } }); // prettier-ignore
    const wx = wxWith({ ...posts(2), serviceMarket: market });
    injected(wx);
    expect(wx.serviceMarket.extra).toBe(1);
    expect((await ended(wx.serviceMarket.invokeService(CALL))).ok).toMatchObject({ data: 2 });
  });
});

describe('an incomplete native that resolves with a JSON string', () => {
  const market = { invokeService: () => Promise.resolve({ data: '{"k":1}' }), CDN: NativeCDN };
  const deny = (): never => {
    throw new Error('denied');
  };

  test.each<[string, () => unknown, unknown]>([
    ['is read below 2.10.0, as there', () => ({ SDKVersion: '2.9.5' }), { k: 1 }],
    ['is left from 2.10.0 on, where the platform leaves it', () => ({ SDKVersion: '2.10.0' }), '{"k":1}'],
    ['is left where the host denies getSystemInfoSync', deny, '{"k":1}'],
    ['is left where getSystemInfoSync returns nothing', () => undefined, '{"k":1}'],
  ])('%s', async (_name, getSystemInfoSync, expected) => {
    const wx = wxWith({ ...posts(), getSystemInfoSync, serviceMarket: market });
    const { invokeService } = imported(wx);
    expect((await ended(invokeService(CALL))).ok).toMatchObject({ data: expected });
    injected(wx);
    expect((await ended(wx.serviceMarket.invokeService(CALL))).ok).toMatchObject({ data: expected });
  });
});

const native = () => ({
  invokeService: jest.fn(() => Promise.resolve({ data: 'native' })),
  getAsyncResult() {},
  CDN: NativeCDN,
});

test('an import on a whole market leaves to it what older ones do not know', async () => {
  const market = native();
  const { invokeService } = imported(wxWith({ serviceMarket: market }));
  expect((await ended(invokeService({ ...CALL, async: true }))).ok.data).toBe('native');
  expect(market.invokeService).toHaveBeenCalledTimes(1);
});

describe('installed again', () => {
  test('on a host that hands the first one’s market on', async () => {
    const wx = wxWith(posts(3));
    const api = injected(wx);
    const uni = wxWith({ ...posts(4) });
    Object.defineProperty(uni, 'serviceMarket', { configurable: true, get: () => wx.serviceMarket });
    api.install(uni);
    expect((await ended(uni.serviceMarket.invokeService(CALL))).ok).toMatchObject({ data: 4 });
  });

  test('on another host and back', async () => {
    const [one, two] = [wxWith(posts(1)), wxWith(posts(2))];
    const api = injected(one);
    api.install(two);
    api.install(one);
    expect((await ended(one.serviceMarket.invokeService(CALL))).ok).toMatchObject({ data: 1 });
  });

  test('an undo that came too late changes nothing', async () => {
    const market = native();
    const wx = wxWith({ ...posts(1), serviceMarket: market });
    const api = imported(wx);
    const first = api.install();
    api.configure({ prefer: 'shim' });
    expect(wx.serviceMarket).not.toBe(market);
    first.undo();
    expect((await ended(wx.serviceMarket.invokeService(CALL))).ok).toMatchObject({ data: 1 });
    api.configure({ prefer: 'native' });
    expect(wx.serviceMarket).toBe(market);
    expect((await ended(api.invokeService(CALL))).ok).toMatchObject({ data: 'native' });
  });

  test('undone twice, with another installation between', () => {
    const wx = wxWith(posts());
    const api = imported(wx);
    const first = api.install();
    first.undo();
    api.install();
    first.undo();
    expect(wx.serviceMarket).toBeDefined();
  });
});

describe('errors', () => {
  test('a text of the server that holds our prefix is kept whole', async () => {
    const errmsg = 'openapi.serviceMarket.invokeService:fail reach max';
    const wx = wxWith({
      operateWXData: ({ success }: Any) =>
        success({ rawData: JSON.stringify({ errcode: 45009, errmsg, request_id: 'R' }) }),
    });
    const { error } = await ended(imported(wx).invokeService(CALL));
    expect(error.message).toBe(`invokeService:fail 45009 ${errmsg} (requestId: R)`);
  });

  test('a message beside errMsg does not take its place', async () => {
    const market = {
      invokeService: () => Promise.reject({ errMsg: 'invokeService:fail boom', message: 'other' }),
    };
    const { error } = await ended(imported(wxWith({ serviceMarket: market })).invokeService(CALL));
    expect(error).toMatchObject({ message: 'invokeService:fail boom', errMsg: 'invokeService:fail boom' });
  });

  test('an err_code that is a text is a number to the page', async () => {
    const wx = wxWith({
      operateWXData: ({ fail }: Any) => fail({ errMsg: 'operateWXData:fail x', err_code: '-12006' }),
    });
    expect((await ended(imported(wx).invokeService(CALL))).error.errCode).toBe(-12006);
  });
});

describe('what page code throws', () => {
  test('and cannot be printed is an error all the same', async () => {
    const unspeakable = {
      toString() {
        throw this;
      },
    };
    const data = Object.defineProperty({}, 'x', {
      enumerable: true,
      get() {
        throw unspeakable;
      },
    });
    const { error } = await ended(imported(wxWith(posts())).invokeService({ ...CALL, data }));
    expect(error).toMatchObject({ message: 'invokeService:fail Error', cause: unspeakable });
  });

  test('is reported, and a callback that a page leaves out is not', async () => {
    const reported = jest.spyOn(console, 'error').mockImplementation();
    const { invokeService } = imported(wxWith(posts()));
    await ended(invokeService({ ...CALL, success() {} }));
    expect(reported).not.toHaveBeenCalled();
    const mine = new Error('mine');
    await ended(
      invokeService({
        ...CALL,
        success() {
          throw mine;
        },
      }),
    );
    expect(reported.mock.calls).toEqual([[mine]]);
  });
});

test('a host without console: what cannot be installed is told by the result alone', () => {
  const host = Object.freeze(wxWith(posts()));
  const api = imported(host, { console: undefined });
  expect(api.install(host).problem).toMatch(/serviceMarket/);
});

describe('time', () => {
  test('limits longer than timers can be are none', async () => {
    const wx = wxWith({ operateWXData: ({ success }: Any) => void setTimeout(success, 15000, answered(5)) });
    const api = imported(wx);
    expect((await ended(api.invokeService({ ...CALL, timeout: Infinity }))).ok).toMatchObject({ data: 5 });
    expect((await ended(api.invokeService({ ...CALL, timeout: 2 ** 31 }))).ok).toMatchObject({ data: 5 });
  });

  describe.each([0, undefined])('timeout: %p is no limit', (timeout) => {
    const SLOW_MS = 15_000;

    test('of a call over a channel', async () => {
      const wx = wxWith({
        operateWXData: ({ success }: Any) => void setTimeout(success, SLOW_MS, answered(5)),
      });
      const { ok } = await ended(imported(wx).invokeService({ ...CALL, timeout }));
      expect(ok).toMatchObject({ data: 5 });
    });

    test('of a call that the host’s own code carries', async () => {
      const market = {
        invokeService: ({ success }: Any) => void setTimeout(success, SLOW_MS, { data: 5 }),
        CDN: NativeCDN,
      };
      const { ok } = await ended(
        imported(wxWith({ serviceMarket: market })).invokeService({ ...CALL, timeout }),
      );
      expect(ok).toMatchObject({ data: 5 });
    });
  });

  test('timeout: 0 of waitForResult is no limit either', async () => {
    const began = Date.now();
    const DAY_MS = 86_400_000;
    const isDone = (): boolean => Date.now() - began > 1.5 * DAY_MS;
    const getAsyncResult = (): Any => Promise.resolve(isDone() ? { status: 0, data: 9 } : { status: 1 });
    const market = { invokeService() {}, getAsyncResult, CDN: NativeCDN };
    const api = imported(wxWith({ serviceMarket: market }));
    const task = api.waitForResult({ requestId: 'R', timeout: 0, interval: DAY_MS / 20 });
    expect((await ended(task, 3 * DAY_MS)).ok).toMatchObject({ data: 9 });
  });

  test('a clock that is put back does not hold up the next message', async () => {
    let asked = 0;
    const wx = wxWith({
      operateWXData({ success }: Any) {
        jest.setSystemTime(Date.now() - 3600000);
        success(answered(6, { scene: ++asked < 3 ? 3 : 4 }));
      },
    });
    expect((await ended(imported(wx).invokeService(CALL), 5000)).ok).toMatchObject({ data: 6 });
  });

  test('a bad answer that comes late does not end a call that waits for another', async () => {
    let asked = 0;
    const wx = wxWith({
      operateWXData: ({ success }: Any) =>
        void (++asked === 1
          ? setTimeout(success, 21000, { errMsg: 'operateWXData:ok' })
          : setTimeout(success, 5000, answered(8))),
    });
    expect((await ended(imported(wx).invokeService(CALL))).ok).toMatchObject({ data: 8 });
  });
});

describe('after an abort', () => {
  test('an upload that is refused late goes over no other channel', async () => {
    const touched: string[] = [];
    const touch = (name: string) => () => void touched.push(name);
    const wx = wxWith({
      ...posts(),
      uploadToCommonCDN: ({ fail }: Any) => void setTimeout(fail, 100, { errMsg: 'uploadToCommonCDN:fail permission denied' }),
      login: touch('login'), request: touch('request'), uploadFile: touch('uploadFile'),
    }); // prettier-ignore
    const api = imported(wx);
    api.configure({ relay: { url: 'https://a.test' } });
    const task = api.invokeService({ ...CALL, data: new api.CDN('x') });
    const seen = watch(task);
    await pass(50);
    task.abort();
    await pass(100000);
    expect(seen.error.message).toBe('invokeService:fail abort');
    expect(touched).toEqual([]);
  });

  test('in a progress listener nothing leaves', async () => {
    const touched: string[] = [];
    const wx = wxWith({
      login: () => touched.push('login'),
      checkSession: () => touched.push('checkSession'),
      request: () => touched.push('request'),
    });
    const api = imported(wx);
    api.configure({ channels: ['relay'], relay: { url: 'https://a.test' } });
    const task = api.invokeService(CALL);
    task.onProgressUpdate(() => task.abort());
    const seen = await ended(task);
    expect(seen.error.message).toBe('invokeService:fail abort');
    expect(touched).toEqual([]);
  });
});

describe('progress', () => {
  /** What a listener hears of a text and a file over a relay whose host tells of the file as given. */
  async function heard(...told: object[]): Promise<string> {
    const answers: Record<string, unknown> = {
      session: { token: 't', expires_in: 7200 },
      files: { url: 'https://a.test/1' },
      invoke: { errcode: 0, data: '1' },
    };
    const wx = wxWith({
      login: ({ success }: Any) => success({ code: 'c' }),
      request: ({ url, success }: Any) =>
        void setTimeout(success, 10, { statusCode: 200, data: answers[url.split('/').pop()] }),
      uploadFile({ success }: Any) {
        setTimeout(success, 700, { statusCode: 200, data: '{"url":"https://a.test/2"}' });
        return {
          abort() {},
          onProgressUpdate: (tell: Any) => void told.forEach((one, at) => setTimeout(tell, 500 + at, one)),
        };
      },
    });
    const api = imported(wx);
    api.configure({ channels: ['relay'], relay: { url: 'https://a.test' } });
    const task = api.invokeService({
      ...CALL,
      data: [new api.CDN('hello'), new api.CDN({ filePath: 'wxfile://tmp_a' })],
    });
    const said: string[] = [];
    task.onProgressUpdate(({ phase, progress }: Any) => said.push(`${phase} ${progress}`));
    expect((await ended(task)).error).toBeUndefined();
    return said.join(', ');
  }
  const CALLED = 'call 0, call 100';

  test('never goes back, and is whole only when every content is', async () => {
    const [first, last] = [
      { totalBytesSent: 1000, totalBytesExpectedToSend: 1000000 },
      { totalBytesSent: 1000200, totalBytesExpectedToSend: 1000000 },
    ];
    expect(await heard(first, last)).toBe(`upload 50, upload 50, upload 100, upload 100, ${CALLED}`);
  });

  test('of a host that tells the percentage alone', async () => {
    expect(await heard({ progress: 50 })).toBe(`upload 50, upload 100, ${CALLED}`);
  });

  test('of an upload that tells nothing', async () => {
    const wx = wxWith({ ...posts(), ...uploads });
    const api = imported(wx);
    const task = api.invokeService({ ...CALL, data: new api.CDN({ filePath: 'wxfile://tmp_a' }) });
    const said: number[] = [];
    task.onProgressUpdate(({ progress }: Any) => said.push(progress));
    await ended(task);
    expect(said).toEqual([100, 0, 100]);
  });
});

describe('waitForResult', () => {
  const waits = (wx: Any, options = {}): Any => imported(wx).waitForResult({ requestId: 'R', ...options });

  test('without a channel rejects at once, and says what to set up', async () => {
    const { error } = await ended(waits(wxWith()), 1000);
    expect(error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(error.message).toMatch(
      /^waitForResult:fail no channel for retrieve .*servicemarket\.config\.json/,
    );
  });

  test('goes on where the host’s own code cannot read a pending task without data', async () => {
    let asked = 0;
    const getAsyncResult = (): Promise<unknown> =>
      ++asked < 4
        ? Promise.reject(new SyntaxError('Unexpected end of JSON input'))
        : Promise.resolve({ status: 0, data: 9 });
    const market = { invokeService() {}, getAsyncResult, CDN: NativeCDN };
    expect((await ended(waits(wxWith({ serviceMarket: market })))).ok).toMatchObject({ data: 9 });
  });

  test.each([
    ['', () => {}],
    [', also where the app comes back meanwhile', (show: () => void) => void setTimeout(show, 1000)],
  ])('asks again where the host’s own code never answers%s', async (_name, onAppShow) => {
    let asked = 0;
    const getAsyncResult = (): unknown =>
      ++asked < 2 ? new Promise(() => {}) : Promise.resolve({ status: 0, data: 9 });
    const market = { invokeService() {}, getAsyncResult, CDN: NativeCDN };
    expect((await ended(waits(wxWith({ serviceMarket: market, onAppShow })))).ok).toMatchObject({ data: 9 });
  });

  test('ends after the 24 hours for which a result is kept, to the ms', async () => {
    const DAY_MS = 24 * 60 * 60 * 1000;
    const getAsyncResult = (): Any => Promise.resolve({ status: 1 });
    const market = { invokeService() {}, getAsyncResult, CDN: NativeCDN };
    const seen = watch(waits(wxWith({ serviceMarket: market }), { interval: 3_600_000 }));
    await pass(DAY_MS - 1);
    expect(seen).toEqual({});
    await pass(1);
    expect(seen.error).toMatchObject({ errCode: 104, requestId: 'R', billing: 'none' });
  });

  test.each([
    [-11, 'the frequency limit', true],
    [-2, 'a failed transfer', true],
    [104, 'no answer in time', true],
    [-1, 'a bad argument', false],
    [-3, 'an unknown task', false],
    [-10, 'billing', false],
    [-12, 'a code beside it', false],
  ])('%d, %s, is asked about again: %p', async (errCode, _name, isAskedAgain) => {
    let asked = 0;
    const getAsyncResult = (): Any =>
      ++asked === 1 ? Promise.reject({ errMsg: 'getAsyncResult:fail x', errCode }) : { status: 0, data: 9 };
    const market = {
      invokeService() {},
      getAsyncResult: async () => getAsyncResult() as unknown,
      CDN: NativeCDN,
    };
    const { ok, error } = await ended(waits(wxWith({ serviceMarket: market })));
    expect({ data: ok?.data, errCode: error?.errCode, asked }).toEqual(
      isAskedAgain ? { data: 9, errCode: undefined, asked: 2 } : { data: undefined, errCode, asked: 1 },
    );
  });

  test('ends where the function fails with the text of a SyntaxError', async () => {
    const errMsg = 'cloud.callFunction:fail Error: errCode: -504002 | errMsg: SyntaxError: Unexpected token';
    const cloud = { callFunction: ({ fail }: Any) => void fail({ errCode: -504002, errMsg }) };
    const api = imported(wxWith({ cloud }));
    api.configure({ channels: ['cloud'], cloud: { env: 'e', function: 'f' } });
    expect((await ended(api.waitForResult({ requestId: 'R' }))).error).toMatchObject({ errCode: -504002 });
  });
});

test('a cloud function that fails with the words of an app that is not initialised has run, once', async () => {
  let ran = 0;
  const cloud = {
    init: jest.fn(),
    callFunction: ({ fail }: Any) =>
      void fail({
        errCode: -504002,
        errMsg: `cloud.callFunction:fail Error: isn't enabled, please call init ${++ran}`,
      }),
  };
  const api = imported(wxWith({ cloud }));
  api.configure({ channels: ['cloud'], cloud: { env: 'e', function: 'f' } });
  expect((await ended(api.invokeService(CALL))).error).toMatchObject({
    errCode: -504002,
    billing: 'unknown',
  });
  expect([ran, cloud.init.mock.calls.length]).toEqual([1, 0]);
});

test('a relay’s sessions that live a minute serve more than one message', async () => {
  let logins = 0;
  const wx = wxWith({
    login: ({ success }: Any) => success({ code: ++logins }),
    request: ({ url, success }: Any) =>
      success({
        statusCode: 200,
        data: /session/.test(url) ? { token: 't', expires_in: 60 } : { errcode: 0, data: '1' },
      }),
  });
  const api = imported(wx);
  api.configure({ channels: ['relay'], relay: { url: 'https://a.test' } });
  for (let i = 0; i < 5; i++) expect((await ended(api.invokeService(CALL), 1000)).ok).toBeDefined();
  expect(logins).toBe(1);
});
