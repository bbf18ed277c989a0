/** The import where the host's own code carries the call: a task all the same, and errors in one form. */
import { expectAtRest, expectOver, messagesOf, openPage } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';

describe.each(['2.9.4', '2.11.0', '2.30.3', 'newest'])('on %s', (sdkVersion) => {
  const complete = sdkVersion === '2.30.3' || sdkVersion === 'newest';

  test('promise and callbacks are told once each', async () => {
    const host = openPage({ sdkVersion });
    const { result } = await host.outcome({ data: { k: 1 } });
    expect(result).toMatchObject({ errMsg: 'invokeService:ok', data: { k: 1 } });
    expect(host.market.messages.map(({ channel }) => channel)).toEqual(['native']);
    expect(host.market.bills).toHaveLength(1);
  });

  test.each([
    ['no service', { service: '' }, 'none'],
    ['a native failure', {}, 'unknown'],
    ['a native failure with a code', {}, 'unknown'],
  ] as const)('%s is an Error with a code and a billing word', async (name, options, billing) => {
    const host = openPage({ sdkVersion });
    const fail = { errMsg: 'busy', ...(/code/.test(name) && { err_code: -11 }) };
    host.fault({ api: 'operateWXData', effect: { fail } });
    const { error } = await host.outcome(options);
    expectWellFormed(host, error);
    expect(error.billing).toBe(billing);
    expect(error.message).toMatch(/^invokeService:fail /);
    expect(error.errCode).not.toBe(0);
  });

  test.each([{ errMsg: 'busy' }, { errMsg: 'busy', err_code: -30 }, { errMsg: 'busy', errCode: -30 }])(
    'an upload that fails by %j is an Error too, even where native rejects with a bare object',
    async (fail) => {
      const host = openPage({ sdkVersion });
      host.fault({ api: 'uploadToCommonCDN', effect: { fail } });
      const { error } = await host.outcome({ data: host.mark('x') });
      expectWellFormed(host, error);
      expect(error.message).toMatch(/^invokeService:fail /);
      expect(error.cause).toBeDefined();
      expect(messagesOf(host)).toEqual([]);
    },
  );

  test('a bad marker is refused before native sees it', async () => {
    const host = openPage({ sdkVersion });
    const { error } = await host.outcome({ data: [host.mark(5)] });
    expect(error).toMatchObject({ errCode: -1, billing: 'none', path: 'data[0]' });
    expect(host.nativeCalls).toEqual([]);
  });

  test('abort ends it for the page, says that it may be billed, and what comes later is nothing', async () => {
    const host = openPage({ sdkVersion });
    const seen = host.start({ data: 1, timeout: 60000 });
    await host.clock.advance(10);
    seen.task.abort();
    await host.clock.advance(0);
    expectOver(host, seen);
    expect(seen.error).toMatchObject({
      message: 'invokeService:fail abort',
      errCode: -2,
      billing: 'unknown',
    });
    await host.clock.run();
    expectOver(host, seen);
  });

  test('timeout ends it with 104', async () => {
    const host = openPage({ sdkVersion });
    host.fault({ api: 'operateWXData', effect: { delay: 9000 } });
    const { error, took } = await host.outcome({ timeout: 3000 });
    expect(error).toMatchObject({ errCode: 104, billing: 'unknown' });
    expect(took).toBe(3000);
  });

  test('the data is a snapshot, also for the host', async () => {
    const host = openPage({ sdkVersion });
    const task = host.run(
      `var data = {c: new api.CDN('x'), k: 1}, task = api.invokeService({service: 's', api: 'a', data: data});
       data.k = 2; return task`,
      { api: host.api },
    );
    await host.clock.until(task);
    expect(JSON.parse(messagesOf(host)[0].data).k).toBe(1);
  });

  test('long tasks and getAsyncResult', async () => {
    const host = openPage({ sdkVersion });
    const { result } = await host.outcome({ async: true, data: { k: 1 } });
    expect(result).toMatchObject({ errMsg: 'invokeService:ok', requestId: expect.stringMatching(/^req-/) });
    expect(result.requestID).toBe(result.requestId);
    const done = await host.outcome({ requestId: result.requestId }, 'getAsyncResult');
    expect(done.result).toMatchObject({ errCode: 0, errMsg: 'getAsyncResult:ok', status: 0, data: { k: 1 } });
    const channel = complete ? 'native' : 'bridge';
    expect(host.market.messages.map((message) => message.channel)).toEqual([channel, channel]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('getAsyncResult that fails is an Error', async () => {
    const host = openPage({ sdkVersion });
    const { error } = await host.outcome({ requestId: 'nobody' }, 'getAsyncResult');
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: -3, billing: 'none' });
    host.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'busy', err_code: -11 } } });
    const busy = await host.outcome({ requestId: 'nobody' }, 'getAsyncResult');
    expectWellFormed(host, busy.error);
    expect(busy.error.billing).toBe('none');
  });

  test('a task that is never watched leaves nothing behind', async () => {
    const host = openPage({ sdkVersion });
    host.run("api.invokeService({service: 's', api: 'a', data: 1})", { api: host.api });
    await host.clock.run();
    expectAtRest(host);
  });
});

test('progress counts the bytes of a text as they travel', async () => {
  const host = openPage();
  const text = 'aé✓😀';
  const seen = host.start({ data: host.mark(text) });
  const events: Any[] = host.run(
    'var all = []; task.onProgressUpdate(function (p) { all.push(p) }); return all',
    {
      task: seen.task,
    },
  );
  await host.clock.run();
  expect(Array.from(events).find(({ phase }) => phase === 'upload')).toEqual({
    phase: 'upload',
    progress: 100,
    totalBytesSent: Buffer.byteLength(text),
    totalBytesExpectedToSend: Buffer.byteLength(text),
  });
});
