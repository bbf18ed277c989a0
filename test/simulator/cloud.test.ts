import type { Any, Host, HostOptions } from '../../src/simulator';
import { openHost } from '../support/hosts';

/** wx.cloud and the cloud behind it. */

const DEFAULTS: HostOptions = {
  files: { 'wxfile://tmp_a.png': 'PNG-A' },
  cloud: {
    envs: ['one', 'two'],
    openid: 'U',
    openData: { ID1: { phone: '1' } },
    functions: {
      echo: (event, { OPENID, ENV }) => ({ event, OPENID, ENV }),
      slow: (_event, { sleep }) => sleep(30000),
      broken: () => {
        throw new Error('oops');
      },
    },
  },
};
const host = (options?: HostOptions): Host => openHost({ ...DEFAULTS, ...options });

/** Runs an expression of page code that is a promise. */
const outcome = (made: Host, code: string): Promise<Any> =>
  made.clock.until(
    (made.run(`return ${code}`) as Promise<unknown>).then(
      (value) => ({ value }),
      (error: Error) => ({ error: Object.assign({ message: error.message }, error) }),
    ),
  );

const started = (options?: HostOptions): Host => {
  const made = host(options);
  made.run("wx.cloud.init({ env: 'one' })");
  return made;
};

describe('functions', () => {
  test('get JSON, the user, and the environment', async () => {
    const { value } = await outcome(
      started(),
      "wx.cloud.callFunction({ name: 'echo', data: { a: 1, f: function () {} } })",
    );
    expect(value).toEqual({
      errMsg: 'cloud.callFunction:ok',
      requestID: expect.any(String),
      result: {
        OPENID: 'U',
        ENV: 'one',
        event: { a: 1, userInfo: { appId: 'wxhost00000000000', openId: 'U' } },
      },
    });
  });

  test('config.env chooses another environment', async () => {
    const made = started();
    const call = (env: string): string =>
      `wx.cloud.callFunction({ name: 'echo', config: { env: '${env}' } })`;
    expect((await outcome(made, call('two'))).value.result.ENV).toBe('two');
    expect((await outcome(made, call('no'))).error).toMatchObject({ errCode: -501000 });
  });

  test('a CloudID is resolved as a field of data, not deeper', async () => {
    const { value } = await outcome(
      started(),
      "wx.cloud.callFunction({ name: 'echo', data: { top: wx.cloud.CloudID('ID1'), deep: { id: new wx.cloud.CloudID('ID1') } } })",
    );
    expect(value.result.event).toMatchObject({
      top: { cloudID: 'ID1', data: { phone: '1' } },
      deep: { id: { cloudID: 'ID1' } },
    });
    expect(value.result.event.deep.id).not.toHaveProperty('data');
  });

  test.each([
    ["{ name: 'no' }", -501000, 'FunctionName parameter could not be found: no'],
    ["{ name: 'broken' }", -404011, 'service error code -504002, error message Error: oops'],
    [
      "{ name: 'slow' }",
      -404011,
      'service error code -504003, error message Invoking task timed out after 20 seconds',
    ],
  ])('%s fails', async (args, errCode, text) => {
    const { error } = await outcome(started(), `wx.cloud.callFunction(${args})`);
    expect(error).toMatchObject({ errCode, errMsg: expect.stringContaining(text) });
    expect(error.message).toMatch(RegExp(`^errCode: ${errCode} .*\\| errMsg: `));
  });

  test('a call that fails on its way is sent again by newer libraries, and may run twice', async () => {
    for (const [sdkVersion, sent] of [
      ['2.8.3', 1],
      ['2.11.0', 2],
    ] as const) {
      const made = started({ sdkVersion });
      made.fault({
        api: 'cloud.callFunction',
        times: 1,
        effect: { fail: { errMsg: 'operateWXData:fail timeout' }, after: true },
      });
      const { error } = await outcome(made, "wx.cloud.callFunction({ name: 'echo' })");
      expect(error === undefined).toBe(sent === 2);
      expect(made.cloud.invocations).toHaveLength(sent);
    }
  });

  test('callbacks instead of a promise', async () => {
    const made = started();
    const seen = made.run(
      "var s = []; var r = wx.cloud.callFunction({ name: 'no', fail: function (e) { s.push(e.errCode) }, complete: function () { s.push('c') } }); s.push(r); return s",
    );
    await made.clock.run();
    expect(seen).toEqual([undefined, -501000, 'c']);
    expect(made.unhandled).toEqual([]);
  });

  test('before init a call throws', () => {
    const call = (): unknown =>
      host().run("return wx.cloud.callFunction({ name: 'echo', config: { env: 'one' } })");
    expect(call).toThrow("Cloud API isn't enabled");
  });

  test('1.9.6 has no cloud', () => {
    expect(host({ sdkVersion: '1.9.6' }).run('return wx.cloud')).toBeUndefined();
  });
});

describe('files', () => {
  const UPLOAD = "wx.cloud.uploadFile({ cloudPath: 'd/a.png', filePath: 'wxfile://tmp_a.png' })";

  test('are uploaded, linked, downloaded and deleted', async () => {
    const made = started();
    const { fileID } = (await outcome(made, UPLOAD)).value;
    expect(fileID).toBe('cloud://one.wxhost00000000000/d/a.png');
    const list = `{ fileList: ['${fileID}', 'cloud://no'] }`;
    const [link, missing] = (await outcome(made, `wx.cloud.getTempFileURL(${list})`)).value.fileList;
    expect(missing).toMatchObject({ status: 1, tempFileURL: '' });
    const text = `new Promise(function (done) { wx.request({ url: '${link.tempFileURL}', success: function (r) { done(r.data) } }) })`;
    expect((await outcome(made, text)).value).toBe('PNG-A');
    const removed = (await outcome(made, `wx.cloud.deleteFile(${list})`)).value.fileList;
    expect(removed.map(({ status }: { status: number }) => status)).toEqual([0, -503003]);
    expect(made.cloud.files).toEqual([]);
    expect((await outcome(made, text)).value).toBe('');
  });

  test('an upload counts as a transfer, and with callbacks it can be aborted', async () => {
    const made = started({ bandwidth: 100 });
    const seen = made.run(
      `var s = [];
       var task = wx.cloud.uploadFile({ cloudPath: 'a', filePath: 'wxfile://tmp_a.png', fail: function (e) { s.push(e.errMsg) } });
       task.onProgressUpdate(function (p) { s.push(p.progress); task.abort() });
       return s`,
    );
    await made.clock.run();
    expect(seen).toEqual([25, 'cloud.uploadFile:fail abort; at cloud.uploadFile api; ']);
    expect(made.transfers).toMatchObject({ inFlight: 0, most: 1 });
    expect(made.cloud.files).toEqual([]);
  });

  test('an upload can go wrong', async () => {
    const made = started();
    expect(
      (await outcome(made, "wx.cloud.uploadFile({ cloudPath: 'a', filePath: 'wxfile://no' })")).error,
    ).toMatchObject({
      errMsg: 'cloud.uploadFile:fail uploadFile:fail file not found; at cloud.uploadFile api; ',
    });
    made.fault({ api: 'uploadFile', times: 1, effect: { noUrl: true } });
    expect((await outcome(made, UPLOAD)).value.fileID).toBeUndefined();
    made.fault({ api: 'uploadFile', effect: { fail: { errMsg: 'X' } } });
    expect((await outcome(made, UPLOAD)).error.errMsg).toContain('uploadFile:fail X');
  });
});
