/** Long tasks: the call, getAsyncResult, and waitForResult (protocol 6 and 8; design.md, 8). */
import type { HostOptions } from '../../src/simulator';
import {
  BILLINGS,
  callsOf,
  expectAtRest,
  expectOver,
  messagesOf,
  openPage,
  type PageHost,
  PLATFORMS,
  type Seen,
} from '../support/hosts';
import { type Any, expectWellFormed, plain } from '../support/outcomes';

/** A provider that takes so many seconds, or fails then. */
function slow(seconds: number, options: HostOptions = {}): PageHost {
  const provider = async (data: Any, { sleep }: Any): Promise<unknown> => {
    await sleep(seconds * 1000);
    if (data?.fails) throw Object.assign(new Error(data.fails), { errcode: 61, errmsg: data.fails });
    return { done: data };
  };
  return openPage({ providers: { '*': provider }, ...options });
}

async function accepted(host: PageHost, data: unknown = 'task'): Promise<string> {
  const task = host.run("return api.invokeService({service: 's', api: 'a', data: data, async: true})", {
    api: host.api,
    data,
  });
  return (await host.clock.until<Any>(task)).requestId;
}

const ask = (host: PageHost, requestId: string): Promise<Seen> => {
  const seen = host.start({ requestId }, 'getAsyncResult');
  return host.clock.until(
    seen.task.then(
      () => seen,
      () => seen,
    ),
  );
};

describe.each(PLATFORMS)('on %s', (platform) => {
  test('accepted: one message, both spellings of the id, no data; polling is free', async () => {
    const host = slow(30, { platform });
    const { result } = await host.clock.until(
      (async () => {
        const seen = host.start({ async: true, data: { k: 1 } });
        await seen.task;
        return seen;
      })(),
    );
    expect(result).toEqual({
      errMsg: 'invokeService:ok',
      requestId: result.requestId,
      requestID: result.requestId,
    });
    expect('data' in result).toBe(false);
    expect(messagesOf(host)).toEqual([
      expect.objectContaining({ scene: 1, req_type: 2, version: 2, data: '{"k":1}' }),
    ]);
    for (let i = 0; i < 5; i++) {
      const { result: pending } = await ask(host, result.requestId);
      expect(pending).toMatchObject({ errCode: 0, errMsg: 'getAsyncResult:ok', status: 1, data: null });
    }
    await host.clock.advance(31000);
    const { result: done } = await ask(host, result.requestId);
    expect(done).toMatchObject({
      errCode: 0,
      errMsg: 'getAsyncResult:ok',
      status: 0,
      data: { done: { k: 1 } },
    });
    expect(done.requestID).toBe(done.requestId);
    expect(host.market.bills).toHaveLength(1);
    expectAtRest(host);
  });

  test('the question is what the platform sends', async () => {
    const host = slow(0, { platform });
    await ask(host, await accepted(host));
    const { data } = callsOf(host, 'operateWXData')[1].params;
    expect(data.api_name).toBe('webapi_servicemarket_jsapi_retrieve');
    expect(Object.keys(data.data)).toEqual(['request_id']);
  });

  test("a provider's failure: getAsyncResult resolves with it, as the platform does", async () => {
    const host = slow(0, { platform });
    const { result } = await ask(host, await accepted(host, { fails: 'blurred' }));
    expect(plain(result)).toMatchObject({
      errCode: 0,
      errMsg: 'getAsyncResult:fail provider execution error',
      status: 0,
      providerErrMsg: 'blurred',
    });
  });

  test('an unknown id: the text and code of the platform', async () => {
    const host = slow(0, { platform });
    const { error } = await ask(host, 'nobody');
    expectWellFormed(host, error);
    expect(error.errCode).toBe(-3);
    expect(error.billing).toBe('none');
    expect(error.message).toMatch(
      /^getAsyncResult:fail requestID req-\S+, error message unknown request_id nobody$/,
    );
  });
});

test.each(['null', '', 'no json', undefined, '{"half":1}'])(
  'pending with data %j is status 1',
  async (pendingData) => {
    const host = slow(30, { market: { pendingData } });
    const { result, error } = await ask(host, await accepted(host));
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ errCode: 0, status: 1 });
  },
);

test('a long task with uploads', async () => {
  const host = slow(1);
  const id = await accepted(host, { c: host.mark('x') });
  await host.clock.advance(2000);
  const { result } = await ask(host, id);
  expect(host.cdn.text(result.data.done.c)).toBe('x');
});

test('getAsyncResult: a native failure, an answer that never comes', async () => {
  const host = slow(0);
  const id = await accepted(host);
  host.fault({ api: 'operateWXData', times: 1, effect: { fail: { errMsg: 'busy', err_code: -11 } } });
  expect((await ask(host, id)).error).toMatchObject({
    message: 'getAsyncResult:fail operateWXData:fail busy(err_code -11)',
    errCode: -11,
    billing: 'none',
  });
  host.fault({ api: 'operateWXData', times: 50, effect: { lose: 'reply' } });
  const seen = await host.outcome({ requestId: id }, 'getAsyncResult');
  expect(seen.error).toMatchObject({ errCode: 104, billing: 'none' });
  expect(host.market.bills).toHaveLength(1);
});

describe.each(BILLINGS)('async: true, billing %s', (billing) => {
  test('a lost answer is asked for, not sent again', async () => {
    const host = slow(5, { billing });
    host.fault({ api: 'operateWXData', nth: 1, effect: { lose: 'reply' } });
    const seen = await host.outcome({ async: true });
    expect(messagesOf(host).filter(({ scene }) => scene === 1)).toHaveLength(1);
    expect(seen.error).toBeUndefined();
    expect(seen.result.requestId).toMatch(/^req-/);
    const { result } = await ask(host, seen.result.requestId);
    expect(result).toMatchObject({ errCode: 0, status: 0 });
    expect(host.market.bills).toHaveLength(1);
  });
});

describe('waitForResult', () => {
  const wait = (host: PageHost, options: object): Seen => host.start(options, 'waitForResult');
  const polls = (host: PageHost): number[] =>
    callsOf(host, 'operateWXData')
      .filter(({ params }) => /retrieve/.test(params.data.api_name))
      .map(({ at }) => at);

  test('polls at once, then with growing pauses and jitter, until the task is done', async () => {
    const host = slow(60);
    const seen = wait(host, { requestId: await accepted(host) });
    await host.clock.run();
    expectOver(host, seen);
    expect(seen.result).toMatchObject({ status: 0, data: { done: 'task' } });
    const at = polls(host);
    const pauses = at.slice(1).map((time, i) => time - at[i] - 40);
    pauses.forEach((pause, i) => {
      const nominal = 1000 * Math.min(1.5 ** i, 10);
      expect(pause).toBeGreaterThanOrEqual(nominal * 0.74);
      expect(pause).toBeLessThanOrEqual(nominal * 1.26);
    });
    expect(pauses.length).toBeGreaterThan(6);
    expect(host.market.bills).toHaveLength(1);
  });

  test('phones that start together do not poll together', async () => {
    const times = new Set<number>();
    for (let i = 0; i < 5; i++) {
      const host = slow(3);
      wait(host, { requestId: await accepted(host) });
      await host.clock.run();
      times.add(polls(host)[1]);
    }
    expect(times.size).toBeGreaterThan(1);
  });

  test('interval sets the first pause; onPoll sees each pending answer, and may throw', async () => {
    const host = slow(30);
    const id = await accepted(host);
    const seen: Any = host.run(
      `var seen = {polls: []};
       api.waitForResult({requestId: id, interval: 4000, onPoll: function (r) { seen.polls.push(r.status); throw new Error('mine') }})
         .then(function (r) { seen.result = r });
       return seen;`,
      { api: host.api, id },
    );
    await host.clock.run();
    expect(seen.result?.status).toBe(0);
    expect(seen.polls.length).toBe(polls(host).length - 1);
    expect(new Set(seen.polls)).toEqual(new Set([1]));
    expect(polls(host)[1] - polls(host)[0]).toBeGreaterThan(2900);
    expectAtRest(host);
  });

  test('104 at the deadline, to the ms, with the request id; nothing is left running', async () => {
    const host = slow(600);
    const id = await accepted(host);
    const seen = wait(host, { requestId: id, timeout: 30000 });
    await host.clock.advance(30100);
    expectOver(host, seen);
    expectWellFormed(host, seen.error);
    expect(seen.error).toMatchObject({ errCode: 104, requestId: id, billing: 'none' });
    expect(seen.error.message).toMatch(/^waitForResult:fail 104 \. /);
    expect(seen.took).toBeGreaterThanOrEqual(30000);
    expect(seen.took).toBeLessThan(30100);
    const before = host.nativeCalls.length;
    await host.clock.run();
    expect(host.nativeCalls).toHaveLength(before);
  });

  test('the deadline holds although an answer is waited for', async () => {
    const host = slow(600);
    const id = await accepted(host);
    host.fault({ api: 'operateWXData', effect: { lose: 'reply' } });
    const seen = wait(host, { requestId: id, timeout: 5000 });
    await host.clock.advance(5001);
    expectOver(host, seen);
    expect(seen.error).toMatchObject({ errCode: 104, requestId: id });
  });

  test('goes on after failed transfers: the task is paid for', async () => {
    const host = slow(20);
    const id = await accepted(host);
    host.fault({ api: 'operateWXData', times: 7, effect: { fail: { errMsg: 'network error' } } });
    const seen = wait(host, { requestId: id });
    await host.clock.run();
    expectOver(host, seen);
    expect(seen.result).toMatchObject({ status: 0 });
  });

  test("a provider's failure and a server's error end it", async () => {
    const host = slow(2);
    const id = await accepted(host, { fails: 'blurred' });
    const failed = wait(host, { requestId: id });
    const unknown = wait(host, { requestId: 'nobody' });
    await host.clock.run();
    expectOver(host, failed);
    expectOver(host, unknown);
    expect(failed.error).toMatchObject({ errCode: 103, requestId: id });
    expect(failed.error.message).toContain('blurred');
    expect(unknown.error).toMatchObject({ errCode: -3 });
    expect(unknown.error.message).toMatch(/^waitForResult:fail requestID /);
  });

  test.each([0, 20, 700, 5000])('abort after %d ms: at once, for good', async (ms) => {
    const host = slow(600);
    const seen = wait(host, { requestId: await accepted(host) });
    await host.clock.advance(ms);
    seen.task.abort();
    await host.clock.advance(0);
    expectOver(host, seen);
    expect(seen.error).toMatchObject({ message: 'waitForResult:fail abort', errCode: -2, billing: 'none' });
    const before = host.nativeCalls.length;
    host.background();
    host.foreground();
    await host.clock.run();
    expect(host.nativeCalls).toHaveLength(before);
  });

  test('timers sleep in the background; on return it polls at once', async () => {
    const host = slow(100);
    const seen = wait(host, { requestId: await accepted(host), interval: 5000 });
    await host.clock.advance(1000);
    host.background();
    await host.clock.advance(300000);
    expect(polls(host)).toHaveLength(1);
    const back = host.clock.now();
    host.foreground();
    expect(polls(host)).toHaveLength(2);
    expect(polls(host)[1]).toBe(back);
    await host.clock.run();
    expectOver(host, seen);
    expect(polls(host)).toHaveLength(2);
    expect(seen.result).toMatchObject({ status: 0 });
  });

  test('coming back while a poll is under way asks no second time', async () => {
    const host = slow(100);
    const seen = wait(host, { requestId: await accepted(host) });
    await host.clock.advance(10);
    host.background();
    host.foreground();
    expect(polls(host)).toHaveLength(1);
    await host.clock.run();
    expectOver(host, seen);
  });

  test('the deadline is kept across the background', async () => {
    const host = slow(6000);
    const seen = wait(host, { requestId: await accepted(host), timeout: 60000 });
    await host.clock.advance(1500);
    host.background();
    await host.clock.advance(300000);
    host.foreground();
    await host.clock.run(5000);
    expectOver(host, seen);
    expect(seen.error.errCode).toBe(104);
  });

  test('works where there is no onAppShow', async () => {
    const host = slow(5, { hostile: ['onAppShow'] });
    const seen = wait(host, { requestId: await accepted(host) });
    await host.clock.run();
    expectOver(host, seen);
    expect(seen.result).toMatchObject({ status: 0 });
  });

  test('waits on a complete native too', async () => {
    const host = slow(20, { sdkVersion: 'newest' });
    const seen = wait(host, { requestId: await accepted(host) });
    await host.clock.run();
    expectOver(host, seen);
    expect(seen.result).toMatchObject({ status: 0, data: { done: 'task' } });
    expect(new Set(host.market.messages.map(({ channel }) => channel))).toEqual(new Set(['native']));
  });
});
