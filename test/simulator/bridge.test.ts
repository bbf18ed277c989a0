import { createHost, PROFILES } from '../../src/simulator';
import type { Host, HostOptions, Any } from '../../src/simulator';
import { openHost } from '../support/hosts';

/** wx.operateWXData and wx.uploadToCommonCDN as pages have them (protocol 9 and 13). */

const COMM = 'webapi_servicemarket_jsapi_comm';

/** Calls a member of wx with callbacks; gives [which, argument] of each callback, in order. */
async function call(made: Host, name: string, args: object): Promise<Any[]> {
  const seen = made.run(
    `var seen = [];
     ['success', 'fail', 'complete'].forEach(function (kind) { args[kind] = function (r) { seen.push([kind, r]) } });
     wx[name](args);
     return seen`,
    { name, args },
  ) as Any[];
  await made.clock.run();
  return seen;
}

const REQ = { service_id: 'wxS', api_name: 'A', data: '{"k":1}', client_msg_id: 'm1' };
const operate = (made: Host, reqData: object = REQ): Promise<Any[]> =>
  call(made, 'operateWXData', { apiName: COMM, reqData });

describe('wx.operateWXData', () => {
  test.each(['android', 'ios'] as const)('on %s gives the body as text', async (platform) => {
    const made = openHost({ platform });
    const result = { errMsg: 'operateWXData:ok', rawData: '{"k":1}', respData: { data: '{"k":1}' } };
    expect(await operate(made)).toEqual([
      ['success', result],
      ['complete', result],
    ]);
    expect(made.nativeCalls).toHaveLength(1);
    expect(made.nativeCalls[0]).toMatchObject({
      seq: 1,
      api: 'operateWXData',
      params: { data: { api_name: COMM, data: REQ, operate_directly: true }, apiName: COMM, reqData: REQ },
      reply: { data: platform === 'android' ? '{"data":"{\\"k\\":1}"}' : { data: '{"k":1}' } },
    });
    expect(made.market.bills).toMatchObject([{ id: 'm1', channel: 'bridge', service: 'wxS', api: 'A' }]);
  });

  test('2.30.3 keeps the argument’s own fields to itself', async () => {
    const made = openHost({ sdkVersion: '2.30.3' });
    await operate(made);
    expect(Object.keys(made.nativeCalls[0]!.params)).toEqual(['data']);
  });

  test('apiName must be a string', async () => {
    const made = openHost();
    const text =
      'operateWXData:fail parameter error: parameter.apiName should be String instead of Undefined;';
    expect(await call(made, 'operateWXData', {})).toEqual([
      ['fail', { errMsg: text }],
      ['complete', { errMsg: text }],
    ]);
    expect(made.nativeCalls).toEqual([]);
  });

  test('denied: the service market’s names fail, others work', async () => {
    const made = openHost({ bridge: 'denied' });
    expect((await operate(made))[0]).toEqual(['fail', { errMsg: 'operateWXData:fail permission denied' }]);
    expect((await call(made, 'operateWXData', { apiName: 'webapi_getuserinfo' }))[0][0]).toBe('success');
    expect(made.market.messages).toEqual([]);
  });

  test('denied to pages, the host’s own serviceMarket works', async () => {
    const made = openHost({ sdkVersion: '2.11.0', bridge: 'denied' });
    const promise = made.run("return wx.serviceMarket.invokeService({ service: 'wxS', api: 'A', data: 1 })");
    expect(await made.clock.until(promise as Promise<unknown>)).toMatchObject({ data: 1 });
  });

  test('a native failure and its code pass through', async () => {
    const made = openHost();
    made.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'cancel', err_code: -5 } } });
    expect((await operate(made))[0]).toEqual(['fail', { errMsg: 'operateWXData:fail cancel', err_code: -5 }]);
    expect(made.market.bills).toEqual([]);
  });

  test('a failure after the market has worked is billed', async () => {
    const made = openHost();
    made.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'X' }, after: true } });
    expect((await operate(made))[0][0]).toBe('fail');
    expect(made.market.bills).toHaveLength(1);
  });

  test.each([
    [
      '2.11.0',
      'android',
      { rawReply: 'oops' },
      ['success', { errMsg: 'operateWXData:ok', rawData: undefined, data: 'oops' }],
    ],
    [
      '2.11.0',
      'android',
      { rawReply: { data: 'x' } },
      ['success', { errMsg: 'operateWXData:ok', rawData: undefined, data: { data: 'x' } }],
    ],
    [
      '1.6.0',
      'ios',
      { replyWithoutData: true },
      ['success', { errMsg: 'operateWXData:ok', rawData: undefined }],
    ],
    [
      '2.30.3',
      'android',
      { rawReply: 'oops' },
      ['fail', { errMsg: 'operateWXData:fail json parse error, json="oops"' }],
    ],
    ['2.30.3', 'android', { replyWithoutData: true }, undefined],
  ] as const)('broken reply on %s %s: %j', async (sdkVersion, platform, effect, expected) => {
    const made = openHost({ sdkVersion, platform });
    made.fault({ api: 'operateWXData', effect });
    expect((await operate(made))[0]).toEqual(expected);
  });

  test('a duplicated reply calls back twice, a delayed one late, a lost one never', async () => {
    const twice = openHost();
    twice.fault({ api: 'operateWXData', effect: { duplicate: 1 } });
    expect(await operate(twice)).toHaveLength(4);
    const late = openHost();
    late.fault({ api: 'operateWXData', effect: { delay: 5000 } });
    const start = late.clock.now();
    await operate(late);
    expect(late.clock.now() - start).toBe(5040);
    const lost = openHost();
    lost.fault({ api: 'operateWXData', effect: { lose: 'request' } });
    expect(await operate(lost)).toEqual([]);
    expect(lost.market.messages).toEqual([]);
  });

  test('nth, times and when choose the calls that go wrong', async () => {
    const made = openHost();
    made.fault({ api: 'operateWXData', nth: 2, effect: { fail: { errMsg: 'second' } } });
    made.fault({
      api: 'operateWXData',
      times: 1,
      when: ({ params }) => params.reqData.service_id === 'wxT',
      effect: { fail: { errMsg: 'T' } },
    });
    const T = { ...REQ, service_id: 'wxT' };
    const kinds = [];
    for (const request of [REQ, REQ, T, T]) kinds.push((await operate(made, request))[0][0]);
    expect(kinds).toEqual(['success', 'fail', 'fail', 'success']);
  });

  test('a callback that throws is kept, and complete still runs', async () => {
    const made = openHost();
    const seen = made.run(
      "var s = []; wx.operateWXData({ apiName: 'x', success: function () { throw new Error('boom') }, complete: function () { s.push('complete') } }); return s",
    );
    await made.clock.run();
    expect(seen).toEqual(['complete']);
    expect(made.errors).toMatchObject([{ message: 'boom' }]);
  });
});

describe('wx.uploadToCommonCDN', () => {
  const UPLOAD = { appType: 301, fileType: 20303, fileKey: 'k', filePath: 'wxfile://tmp_a.png' };
  const newest: HostOptions = {
    sdkVersion: '2.30.3',
    upload: 'allowed',
    files: { 'wxfile://tmp_a.png': 'PNG-A' },
  };

  test('stores a file, text or bytes and gives the URL', async () => {
    const made = openHost(newest);
    const [, { fileUrl }] = (await call(made, 'uploadToCommonCDN', UPLOAD))[0];
    expect(made.cdn.text(fileUrl)).toBe('PNG-A');
    const rest = { ...UPLOAD, filePath: undefined };
    const bytes = Uint8Array.from([65, 66]).buffer;
    const second = (await call(made, 'uploadToCommonCDN', { ...rest, fileData: bytes }))[0][1];
    expect(made.cdn.text(second.fileUrl)).toBe('AB');
    expect(made.nativeCalls[1]!.params.__nativeBuffers__).toEqual([{ key: 'fileData', base64: 'QUI=' }]);
    expect(made.cdn).toMatchObject({ inFlight: 0, most: 1 });
  });

  test('fails for a missing file, wrong parameters, and where it is denied', async () => {
    const missing = { ...UPLOAD, filePath: 'wxfile://no' };
    expect((await call(openHost(newest), 'uploadToCommonCDN', missing))[0]).toEqual([
      'fail',
      { errMsg: 'uploadToCommonCDN:fail file not exist' },
    ]);
    expect((await call(openHost(newest), 'uploadToCommonCDN', {}))[0][1].errMsg).toContain(
      'parameter.appType',
    );
    const denied = openHost({ ...newest, sdkVersion: '2.8.3', upload: 'denied' });
    expect((await call(denied, 'uploadToCommonCDN', UPLOAD))[0][1].errMsg).toContain('permission denied');
    // Where the library has the member, it asks for a grant that apps do not have.
    const newer = openHost({ sdkVersion: '2.30.3' });
    expect((await call(newer, 'uploadToCommonCDN', UPLOAD))[0][1].errMsg).toContain('no permission');
    expect(newer.nativeCalls).toEqual([]);
  });

  test('bytes cross as they are at the call', async () => {
    const made = openHost(newest);
    made.run(
      'var b = new Uint8Array([65]); wx.uploadToCommonCDN({ appType: 1, fileType: 1, fileKey: "k", fileData: b.buffer }); b[0] = 66;',
    );
    await made.clock.run();
    expect(made.cdn.files.map(({ url }) => made.cdn.text(url))).toEqual(['A']);
  });
});

describe('the profile table', () => {
  const MEMBERS = [
    'operateWXData',
    'uploadToCommonCDN',
    'request',
    'uploadFile',
    'login',
    'getFileSystemManager',
    'env',
    'serviceMarket',
    'serviceMarket.getAsyncResult',
  ];
  const table = PROFILES.map(({ row }) => {
    const made = createHost({ sdkVersion: row });
    const has = (path: string): boolean =>
      made.run('return path.split(".").reduce(function (o, k) { return o && o[k] }, wx) !== undefined', {
        path,
      });
    const line = [
      row,
      made.wx.getSystemInfoSync().SDKVersion,
      ...MEMBERS.map((name) => (has(name) ? 'x' : '-')),
    ];
    void made.close();
    return line.join(' ');
  });

  test('is protocol 13', () => {
    expect(table).toEqual([
      '1.6.0 1.6.0 x - x x x - - - -',
      '1.9.6 1.9.6 x - x x x - - - -',
      '2.2.3 2.2.3 x - x x x x x - -',
      '2.3.2 2.3.2 x - x x x x x - -',
      '2.8.3 2.8.3 x - x x x x x - -',
      '2.9.4 2.9.4 x - x x x x x x -',
      '2.10.0 2.10.0 x - x x x x x x -',
      '2.11.0 2.11.0 x - x x x x x x -',
      '2.11.1 2.11.1 x - x x x x x x -',
      '2.30.3 2.30.3 x x x x x x x x x',
      'newest 3.8.0 x x x x x x x x x',
    ]);
  });

  test('a version is that of the newest row which is not above it', () => {
    const rowOf = (sdkVersion: string): unknown[] => {
      const { profile, run } = openHost({ sdkVersion });
      return [profile.row, run('return wx.getSystemInfoSync().SDKVersion')];
    };
    expect(rowOf('2.9.0')).toEqual(['2.8.3', '2.9.0']);
    expect(rowOf('2.10.4')).toEqual(['2.10.0', '2.10.4']);
    expect(rowOf('2.30.3')).toEqual(['2.30.3', '2.30.3']);
    expect(rowOf('3.15.1')).toEqual(['newest', '3.15.1']);
    for (const name of ['newest', 'latest', 'trial']) expect(rowOf(name)[0]).toBe('newest');
  });

  test.each(['1.5.9', '2.5', 'old'])('version %s is refused with the list', (sdkVersion) => {
    expect(() => createHost({ sdkVersion })).toThrow(
      `Failed to create a host: base library '${sdkVersion}' is unknown. Use one of 1.6.0, 1.9.6, `,
    );
  });

  test('options take members away, add them, or make them throw', () => {
    expect(openHost({ bridge: 'absent' }).run("return 'operateWXData' in wx")).toBe(false);
    expect(openHost({ upload: 'allowed' }).run('return typeof wx.uploadToCommonCDN')).toBe('function');
    expect(openHost({ sdkVersion: '2.30.3', bridge: 'absent' }).run("return 'uploadToCommonCDN' in wx")).toBe(
      false,
    );
    expect(() => openHost({ hostile: ['serviceMarket'] }).run('return wx.serviceMarket')).toThrow(
      'is not available',
    );
    expect(openHost({ frozen: true }).run('return Object.isFrozen(wx)')).toBe(true);
    const foreign = openHost({ polyfill: true }).run('return Object.keys(wx.serviceMarket)');
    expect(foreign).toEqual(['invokeService', 'CDN']);
  });
});
