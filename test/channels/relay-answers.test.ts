/** What the real relay says, as the page gets it: refusals, sessions, long tasks, abort. */
import { callsOf, expectOver } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { ended, openBackend, outcome, sent } from './support/backend';
import { openServer } from '../support/servers';
import { until } from '../support/until';

describe('refusals', () => {
  test('a pair that is not listed: -7, nothing billed', async () => {
    const { platform, page } = await openBackend();
    const { error } = await outcome(page(), { api: 'OTHER' });
    expect(error).toMatchObject({ errCode: -7, billing: 'none', requestId: expect.any(String) });
    expect(error.message).toMatch(/wxSVC \/ OTHER: this relay does not allow it/);
    expect(platform.market.messages).toEqual([]);
  });

  test('over the limit: -11', async () => {
    const { platform, page } = await openBackend({}, { limits: { callsPerHour: 1 } });
    const host = page();
    await outcome(host, { data: 1 });
    expect((await outcome(host, { data: 2 })).error).toMatchObject({ errCode: -11, billing: 'none' });
    expect(platform.market.bills).toHaveLength(1);
  });

  test('what the relay cannot read: -1', async () => {
    const { page } = await openBackend();
    const { error } = await outcome(page(), { clientMsgId: 'x'.repeat(200) });
    expect(error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(error.message).toMatch(/client_msg_id/);
  });

  test("the platform's own code passes through", async () => {
    const { platform, page } = await openBackend();
    platform.market.refuse = () => ({ errcode: -10, errmsg: 'billing failed' });
    const { error } = await outcome(page());
    expect(error).toMatchObject({ errCode: -10, billing: 'unknown' });
    expect(error.message).toMatch(/^invokeService:fail -10 billing failed/);
  });

  test('nothing reached the platform: the relay says so, and a later call may go', async () => {
    const { platform, page } = await openBackend();
    const host = page();
    platform.fault({ path: '/cgi-bin/stable_token', times: 1, effect: { cut: true } });
    const { error } = await outcome(host, { data: 1 });
    expect(error.message).toMatch(/nothing was sent or billed/);
    expect(error.billing).toBe('none');
    expect((await outcome(host, { data: 1, clientMsgId: error.clientMsgId })).result.data).toBe(1);
    expect(platform.market.bills).toHaveLength(1);
  });

  test('consumeType is the relay’s own: -1, the fix, and nothing sent', async () => {
    const { page } = await openBackend();
    const host = page();
    const { error } = await outcome(host, { consumeType: 2, consumeAppid: 'wxpayer' });
    expect(error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(error.message).toMatch(/the relay sets consumeType/);
    expect(callsOf(host, 'request')).toEqual([]);
  });

  test('a file that is too large: the text says so, and nothing is billed', async () => {
    const { platform, page } = await openBackend({}, { maxFileSize: 10 });
    const host = page({}, { files: { 'wxfile://photo': 'more than ten bytes' } });
    for (const content of ['more than ten bytes', { filePath: 'wxfile://photo' }]) {
      const { error } = await outcome(host, { data: host.mark(content) });
      expect(error).toMatchObject({ errCode: -1, statusCode: 413, billing: 'none' });
      expect(error.message).toMatch(/413.*larger than 10 bytes/);
    }
    expect(platform.market.messages).toEqual([]);
  });
});

test.each(['1.6.0', '1.9.6', '2.8.3', '2.11.0', 'newest'])(
  'on %s the service gets text, bytes and a file as they are',
  async (sdkVersion) => {
    const { platform, page } = await openBackend();
    platform.market.provide('wxSVC/API', async (urls: string[], { fetch }) =>
      Promise.all(urls.map(async (url) => Buffer.from(await fetch(url)).toString('latin1'))),
    );
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    const host = page(
      { prefer: 'shim' },
      { sdkVersion, files: { 'wxfile://photo': Buffer.from(bytes, 'latin1') } },
    );
    const marks = ['{"a": 1}', Buffer.from(bytes, 'latin1'), { filePath: 'wxfile://photo' }];
    const { result } = await outcome(host, { data: marks.map((content) => host.mark(content)) });
    expect(result.data).toEqual(['{"a": 1}', bytes, bytes]);
  },
);

describe('sessions', () => {
  test('one login for all; the code goes to the platform once', async () => {
    const { platform, page } = await openBackend();
    const host = page();
    const calls = [1, 2, 3].map((n) => host.start({ data: [n, host.mark(`t${n}`)] }));
    for (const seen of calls) {
      await ended(seen);
      expect(seen.error).toBeUndefined();
    }
    expect(callsOf(host, 'login')).toHaveLength(1);
    expect(platform.requests.filter(({ path }) => path === '/sns/jscode2session')).toHaveLength(1);
  });

  test('a session that the relay no longer knows is renewed once, the call goes through, one bill', async () => {
    const { platform, url, page } = await openBackend();
    const host = page();
    await outcome(host, { data: 1 });
    const [{ params }] = sent(host, '/invoke');
    await fetch(`${url}/session`, { method: 'DELETE', headers: params.header });
    expect((await outcome(host, { data: 2 })).result.data).toBe(2);
    expect(sent(host, '/session')).toHaveLength(2);
    expect(platform.market.bills).toHaveLength(2);
  });

  test('a credential that the relay refuses: 401 once, no row of logins', async () => {
    const { page } = await openBackend();
    const host = page({}, { login: () => 'made up' });
    const { error } = await outcome(host);
    expectWellFormed(host, error);
    expect(error).toMatchObject({
      errCode: 40001,
      statusCode: 401,
      billing: 'none',
      requestId: expect.any(String),
    });
    expect(error.message).toMatch(/401.*the credential was refused/);
    expect(sent(host, '/session')).toHaveLength(1);
  });

  test("the owner's credential takes the place of wx.login", async () => {
    const got: Any[] = [];
    const { url, page } = await openBackend({}, { authenticate: (given) => (got.push(given), 'user-7') });
    const host = page();
    host.run(
      `api.configure({relay: {url: url, credential: function () {
         return Promise.resolve({type: 'jwt', value: 'signed'}) }}})`,
      { api: host.api, url },
    );
    await outcome(host);
    expect(got).toEqual([{ type: 'jwt', value: 'signed' }]);
    expect(callsOf(host, 'login')).toEqual([]);
  });
});

describe('long tasks', () => {
  test('started, asked for, waited for; billed once', async () => {
    const { platform, page } = await openBackend();
    let finish = (): void => {};
    const done = new Promise<void>((resolve) => (finish = resolve));
    platform.market.provide('wxSVC/API', async (data) => {
      await done;
      return { made: data };
    });
    const host = page();
    const { result } = await outcome(host, { async: true, data: { film: 1 } });
    expect(result).toEqual({
      errMsg: 'invokeService:ok',
      requestId: expect.stringMatching(/./),
      requestID: result.requestId,
    });
    const { requestId } = result;
    expect((await outcome(host, { requestId }, 'getAsyncResult')).result).toMatchObject({ status: 1 });
    const waiting = host.start({ requestId, interval: 5 }, 'waitForResult');
    await until(() => sent(host, '/retrieve').length >= 3);
    finish();
    await ended(waiting);
    expect(waiting.result).toMatchObject({ errCode: 0, status: 0, data: { made: { film: 1 } } });
    expect(platform.market.bills).toHaveLength(1);
  });

  test("another user's task is unknown", async () => {
    const { page } = await openBackend();
    const { result } = await outcome(page(), { async: true });
    const { error } = await outcome(page({}, {}, 'bob'), { requestId: result.requestId }, 'getAsyncResult');
    expect(error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(error.message).toMatch(/the request id is unknown or has expired/);
  });

  test('a provider that fails is told by waitForResult as 103', async () => {
    const { platform, page } = await openBackend();
    platform.market.provide('wxSVC/API', () => {
      throw new Error('no film');
    });
    const host = page();
    const { result } = await outcome(host, { async: true });
    const { error } = await outcome(host, { requestId: result.requestId }, 'waitForResult');
    expect(error).toMatchObject({ errCode: 103, requestId: result.requestId });
  });
});

describe('abort', () => {
  test('while the service works: the request ends, nothing is sent after', async () => {
    const { platform, page } = await openBackend();
    let finish = (): void => {};
    platform.market.provide('wxSVC/API', () => new Promise<void>((resolve) => (finish = resolve)));
    const host = page();
    const seen = host.start();
    await until(() => platform.market.messages.length === 1);
    seen.task.abort();
    await ended(seen);
    finish();
    expectOver(host, seen);
    expect(seen.error).toMatchObject({ message: 'invokeService:fail abort', billing: 'unknown' });
    expect(sent(host, '/invoke')).toEqual([expect.objectContaining({ aborted: true })]);
  });

  test('in the middle of an upload: progress was told, the relay gets no call', async () => {
    const { platform, page } = await openBackend();
    // A relay that takes the file slowly: it reads nothing until the test is over.
    const { url: slow } = await openServer(() => {});
    const host = page({}, { files: { 'wxfile://big': 'x'.repeat(3e6) } });
    await outcome(host, { data: 1 });
    host.run('var f = wx.uploadFile; wx.uploadFile = function (o) { o.url = url; return f(o) }', {
      url: slow,
    });
    const seen = host.start({ data: host.mark({ filePath: 'wxfile://big' }) });
    const events: Any[] = host.run(
      'var all = []; task.onProgressUpdate(function (p) { all.push(p) }); return all',
      { task: seen.task },
    );
    await until(() => events.length > 0);
    seen.task.abort();
    await ended(seen);
    expectOver(host, seen);
    expect(seen.error).toMatchObject({ message: 'invokeService:fail abort', billing: 'none' });
    expect(events[0]).toMatchObject({ phase: 'upload', totalBytesExpectedToSend: expect.any(Number) });
    expect(callsOf(host, 'uploadFile')).toEqual([expect.objectContaining({ aborted: true })]);
    expect(platform.market.messages).toHaveLength(1);
  });
});
