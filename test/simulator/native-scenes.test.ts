import { ProviderError } from '../../src/simulator';
import type { Host, HostOptions, Any } from '../../src/simulator';
import { openHost } from '../support/hosts';

/** The host's own serviceMarket as base library 2.30.3 has it (protocol 1 to 8). */

const CALL = "return sm.invokeService({ service: 'wxS', api: 'A', data: { k: 1 } })";
const ASYNC = "return sm.invokeService({ service: 'wxS', api: 'A', data: { k: 1 }, async: true })";
const UPLOAD = "return sm.invokeService({ service: 'wxS', api: 'A', data: [new sm.CDN('text')] })";

const host = (options?: HostOptions): Host => openHost({ sdkVersion: '2.30.3', ...options });

const outcome = (made: Host, code = CALL): Promise<Any> =>
  made.clock.until(
    (made.run(code, { sm: made.wx.serviceMarket }) as Promise<unknown>).then(
      (value) => ({ value }),
      (error: Error) => ({ error: Object.assign({ message: error.message }, error) }),
    ),
  );

const requests = (made: Host): Any[] =>
  made.nativeCalls.filter(({ api }) => api === 'operateWXData').map(({ params }) => params.data.data);

describe('surface', () => {
  test('the object is lazy: only reading a member finds it', () => {
    const made = host();
    const facts =
      "var sm = wx.serviceMarket; return [Object.keys(sm), 'invokeService' in sm, typeof sm.invokeService, typeof sm.getAsyncResult, wx.canIUse('serviceMarket'), wx.canIUse('serviceMarket.invokeService'), wx.canIUse('request')]";
    expect(made.run(facts)).toEqual([[], false, 'function', 'function', false, false, true]);
  });

  test('the property can be assigned, on 2.11.0 it cannot', () => {
    const assign = "'use strict'; wx.serviceMarket = 1; return wx.serviceMarket";
    expect(host().run(assign)).toBe(1);
    const older = host({ sdkVersion: '2.11.0' });
    expect(() => older.run(assign)).toThrow('which has only a getter');
    expect(older.run('return Object.keys(wx.serviceMarket)')).toEqual(['invokeService', 'CDN']);
    expect(
      older.run("Object.defineProperty(wx, 'serviceMarket', { value: 2 }); return wx.serviceMarket"),
    ).toBe(2);
  });

  test('CDN is a class, on 2.11.0 a function', () => {
    const bare = 'return (0, wx.serviceMarket.CDN)("x")';
    expect(() => host().run(bare)).toThrow("cannot be invoked without 'new'");
    expect(host({ sdkVersion: '2.11.0' }).run(bare)).toBeUndefined();
    const keys =
      "var c = new wx.serviceMarket.CDN('x'); return [Object.keys(c), typeof c.symbol, JSON.stringify(c)]";
    expect(host().run(keys)).toEqual([['symbol', 'options'], 'symbol', '{"options":"x"}']);
  });

  test('2.9.4 gives data as text', async () => {
    expect(await outcome(host({ sdkVersion: '2.9.4' }))).toEqual({
      value: { errMsg: 'invokeService:ok', data: '{"k":1}' },
    });
  });
});

describe('a call', () => {
  test('sends version 2, and polls without data until the final answer', async () => {
    const made = host({
      providers: { 'wxS/A': (data, { sleep }) => sleep(40000).then(() => ({ got: data })) },
    });
    const { value } = await outcome(made);
    expect(value).toEqual({
      errMsg: 'invokeService:ok',
      data: { got: { k: 1 } },
      requestId: expect.any(String),
    });
    const [first, ...polls] = requests(made);
    expect(first).toEqual({
      service_id: 'wxS',
      api_name: 'A',
      data: '{"k":1}',
      client_msg_id: expect.stringMatching(/^0\.\d+_1600000000\d{3}$/),
      version: 2,
      call_id: expect.any(String),
      scene: 1,
      retry_reason: 0,
    });
    expect(polls).toHaveLength(2);
    for (const poll of polls) {
      expect(poll).toMatchObject({ scene: 2, call_id: first.call_id, retry_reason: 0 });
      expect(poll.client_msg_id).not.toBe(first.client_msg_id);
      expect(poll).not.toHaveProperty('data');
    }
    expect(made.nativeCalls[0]!.params).toMatchObject({
      data: { api_name: 'webapi_servicemarket_jsapi_comm', operate_directly: false },
      timeout: 180000,
      requestInQueue: false,
      isImportant: false,
    });
    expect(made.market.bills).toMatchObject([
      { id: first.call_id, by: 'wxhost00000000000', channel: 'native' },
    ]);
  });

  test('takes 52 messages and no more', async () => {
    const enough = host({ market: { preResp: 51 } });
    expect(await outcome(enough)).toHaveProperty('value');
    expect(requests(enough)).toHaveLength(52);
    const tooMany = host({ market: { preResp: 52 } });
    const { error } = await outcome(tooMany);
    expect(error).toMatchObject({
      errCode: 102,
      message: expect.stringMatching(
        /^invokeService:fail 102 \. exceed max poll retry \(callId: \S+\) \(trace: [\d:]+ start(->[\d:]+ normal poll){51}\)$/,
      ),
    });
    expect(error.errMsg).toBe(error.message);
    expect(requests(tooMany)).toHaveLength(52);
  });

  test('ends with 104 after 20 s without an answer, once', async () => {
    const made = host();
    made.fault({ api: 'operateWXData', effect: { lose: 'reply' } });
    const start = made.clock.now();
    expect((await outcome(made)).error).toMatchObject({
      errCode: 104,
      message: expect.stringContaining(
        '104 . timeout for retry, cannot retry fetching the result anymore (callId: ',
      ),
    });
    expect(made.clock.now() - start).toBe(20000);
    expect(requests(made)).toHaveLength(1);
  });

  test('a reply without data also ends with 104', async () => {
    const made = host();
    made.fault({ api: 'operateWXData', effect: { replyWithoutData: true } });
    expect((await outcome(made)).error).toMatchObject({ errCode: 104 });
    expect(made.errors).toMatchObject([{ message: 'the reply has no data' }]);
  });

  test.each([
    ['null', 101, '101 . empty call result'],
    ['{"scene":"4"}', 107, '107 . unknown scene 4 (callId: '],
    ['{}', 107, '107 . unknown scene undefined (callId: '],
    ['{"scene":4,"errcode":"0","request_id":"R"}', 103, '103 . requestID R, error message unknown (callid '],
    ['', -1, '{"errMsg":"operateWXData:fail json parse error, json=\\"\\""} (callId: '],
    ['oops', -1, '{"errMsg":"operateWXData:fail json parse error, json=\\"oops\\""} (callId: '],
  ])('body %j gives %i', async (body, errCode, text) => {
    const made = host();
    made.fault({ api: 'operateWXData', effect: { malformed: body } });
    const { error } = await outcome(made);
    expect(error.errCode).toBe(errCode);
    expect(error.message.startsWith(`invokeService:fail ${text}`)).toBe(true);
  });

  test('a provider error is 103 with requestID', async () => {
    const made = host({ providers: { '*': () => Promise.reject(new ProviderError(-8, 'down')) } });
    const { error } = await outcome(made);
    expect(error).toMatchObject({ errCode: 103, requestID: expect.any(String) });
    expect(error.message).toMatch(
      /^invokeService:fail 103 \. requestID req-\w+, error message down \(callid \S+\)$/,
    );
  });

  test('a native failure is told as JSON', async () => {
    const made = host();
    made.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'X', err_code: 7 } } });
    const { error } = await outcome(made);
    expect(error.errCode).toBe(-1);
    const native = '{"errMsg":"operateWXData:fail X","err_code":7}';
    expect(error.message).toContain(`invokeService:fail ${native} (callId: `);
    expect(error.message.endsWith(`system error (${native}), abort)`)).toBe(true);
  });

  test('top-level fields are fixed at the call, and a missing argument has its own text', async () => {
    const made = host();
    const changed =
      "var o = { service: 'wxS', api: 'A', data: { d: new sm.CDN('x'), k: 1 } }; var p = sm.invokeService(o); o.api = 'B'; o.data.k = 2; return p";
    await outcome(made, changed);
    expect(requests(made)[0]).toMatchObject({ api_name: 'A', data: expect.stringContaining('"k":2') });
    const { error } = await outcome(made, 'return sm.invokeService()');
    expect(error).toEqual({
      message: "invokeService:fail Error: field 'service' and 'api' must be provided",
    });
  });
});

describe('uploads', () => {
  test.each([
    [{ errMsg: 'X' }, { message: 'invokeService:fail [object Object]' }],
    [
      { errMsg: 'X', err_code: 3 },
      { message: 'invokeService:fail uploadToCommonCDN:fail X(err_code 3)', errCode: 3 },
    ],
    [
      { errMsg: 'X', errCode: 3 },
      { errMsg: 'uploadToCommonCDN:fail X', errCode: 3 },
    ],
  ])('native %j', async (fail, expected) => {
    const made = host();
    made.fault({ api: 'uploadToCommonCDN', effect: { fail } });
    const { error } = await outcome(made, UPLOAD);
    expect(JSON.parse(JSON.stringify(error))).toEqual(expected);
    expect(requests(made)).toEqual([]);
  });

  test('without a URL the key disappears', async () => {
    const made = host();
    made.fault({ api: 'uploadToCommonCDN', effect: { noUrl: true } });
    await outcome(
      made,
      "return sm.invokeService({ service: 'wxS', api: 'A', data: { a: new sm.CDN('x'), b: 1 } })",
    );
    expect(requests(made)[0].data).toBe('{"b":1}');
  });

  test('one marker in two places is uploaded twice and gets the URL that came last', async () => {
    const made = host();
    made.fault({ api: 'uploadToCommonCDN', nth: 1, effect: { delay: 500 } });
    await outcome(
      made,
      "var c = new sm.CDN('x'); return sm.invokeService({ service: 'wxS', api: 'A', data: [c, c] })",
    );
    const [first] = made.cdn.files;
    expect(made.cdn.files).toHaveLength(2);
    expect(requests(made)[0].data).toBe(JSON.stringify([first!.url, first!.url]));
  });
});

describe('devtools', () => {
  const devtools = (options?: HostOptions): Host => host({ platform: 'devtools', ...options });

  test('sends version 1 and reads its envelope', async () => {
    const made = devtools();
    expect(await outcome(made)).toEqual({
      value: { errMsg: 'invokeService:ok', data: { k: 1 }, requestId: expect.any(String) },
    });
    expect(Object.keys(requests(made)[0]).sort()).toEqual([
      'api_name',
      'client_msg_id',
      'data',
      'service_id',
      'version',
    ]);
    expect(requests(made)[0].version).toBe(1);
  });

  test.each([
    ['{"errcode":5,"errmsg":"no","request_id":"R"}', { errCode: 5, requestId: 'R' }, '5 no (requestId: R)'],
    ['{"errcode":0}', { errCode: -1 }, 'inner protocol parse failed (requestId: empty)'],
    ['{}', {}, 'Error: invokeService:fail undefined undefined (requestId: undefined)'],
  ])('body %s', async (body, fields, text) => {
    const made = devtools();
    made.fault({ api: 'operateWXData', effect: { malformed: body } });
    const { error } = await outcome(made);
    expect(error).toMatchObject({ ...fields, message: `invokeService:fail ${text}` });
  });
});

describe('long tasks', () => {
  const slow: HostOptions = { providers: { '*': (data, { sleep }) => sleep(60000).then(() => data) } };

  test('give a request id, then pending, then the result; one bill', async () => {
    const made = host(slow);
    const { value } = await outcome(made, ASYNC);
    expect(value).toEqual({ errMsg: 'invokeService:ok', requestId: expect.any(String) });
    expect(requests(made)[0]).toMatchObject({ req_type: 2, version: 2, scene: 1 });
    const ask = `return sm.getAsyncResult({ requestId: '${value.requestId}' })`;
    const pending = await outcome(made, ask);
    expect(pending.value).toEqual({
      errCode: 0,
      errMsg: 'getAsyncResult:ok',
      data: null,
      status: 1,
      requestId: expect.any(String),
    });
    await made.clock.advance(60000);
    expect((await outcome(made, ask)).value).toMatchObject({ data: { k: 1 }, status: 0 });
    expect(requests(made)[1]).toEqual({ request_id: value.requestId });
    expect(made.market.bills).toHaveLength(1);
  });

  test('a provider that fails resolves with its text', async () => {
    const made = host({ providers: { '*': () => Promise.reject(new ProviderError(-3, 'bad')) } });
    const { value } = await outcome(made, ASYNC);
    expect(
      (await outcome(made, `return sm.getAsyncResult({ requestId: '${value.requestId}' })`)).value,
    ).toMatchObject({
      errMsg: 'getAsyncResult:fail provider execution error',
      providerErrMsg: 'bad',
      status: 0,
    });
  });

  test('pending without data is the platform’s bare SyntaxError', async () => {
    const made = host({ ...slow, market: { pendingData: '' } });
    const { value } = await outcome(made, ASYNC);
    const { error } = await outcome(made, `return sm.getAsyncResult({ requestId: '${value.requestId}' })`);
    expect(error.message).toMatch(/JSON/);
    expect(error).not.toHaveProperty('errCode');
  });

  test('an unknown id and a native failure', async () => {
    const made = host();
    const ask = "return sm.getAsyncResult({ requestId: 'no' })";
    const { error } = await outcome(made, ask);
    expect(error).toMatchObject({ errCode: -3, errMsg: 'unknown request_id no' });
    expect(error.message).toMatch(
      /^getAsyncResult:fail requestID req-\w+, error message unknown request_id no$/,
    );
    made.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'X' } } });
    expect((await outcome(made, ask)).error).toEqual({ message: undefined, errMsg: 'operateWXData:fail X' });
  });

  test('a preliminary answer is 108', async () => {
    const made = host();
    made.fault({
      api: 'operateWXData',
      effect: { malformed: '{"scene":3,"request_id":"R","errmsg":"wait"}' },
    });
    const { error } = await outcome(made, ASYNC);
    expect(error).toMatchObject({ errCode: 108, requestID: 'R' });
    expect(error.message).toMatch(
      /^invokeService:fail 108 \. requestID R, error message wait \(callid \S+\)$/,
    );
  });
});
