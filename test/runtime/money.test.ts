/** design.md, "Money": what is sent, what is only asked for, and what each error says of the bill. */
import { BILLINGS, messagesOf, openPage } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';

const LOST = { api: 'operateWXData', effect: { lose: 'reply' } } as const;
const DENIED = { errMsg: 'operateWXData:fail permission denied' };

const scenes = (host: Any): number[] => messagesOf(host).map(({ scene }) => scene);
const times = (host: Any): number[] =>
  host.market.messages.map(({ at }: Any) => at - host.market.messages[0].at);

describe.each(BILLINGS)('billing %s', (billing) => {
  const page: typeof openPage = (options, config) => openPage({ billing, ...options }, config);

  test('a call is one message and one bill', async () => {
    const host = page();
    expect((await host.outcome({ data: { k: 1 } })).result.data).toEqual({ k: 1 });
    expect(scenes(host)).toEqual([1]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a lost answer is asked for under the same call_id, after 20 s, and never sent again', async () => {
    const host = page();
    host.fault({ ...LOST, nth: 1 });
    const { result } = await host.outcome({ data: { k: 1 } });
    expect(result.data).toEqual({ k: 1 });
    const [first, second, ...more] = messagesOf(host);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ scene: 1, retry_reason: 0, version: 2, data: '{"k":1}' });
    expect(second).toMatchObject({ scene: 2, retry_reason: 2, call_id: first.call_id });
    expect(second).not.toHaveProperty('data');
    expect(second.client_msg_id).not.toBe(first.client_msg_id);
    expect(times(host)).toEqual([0, 20000]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a first message that was lost on its way is not sent again either: nobody can know', async () => {
    const host = page();
    host.fault({ api: 'operateWXData', nth: 1, effect: { lose: 'request' } });
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(error.billing).toBe('unknown');
    expect(scenes(host)).toEqual([1, 2]);
    expect(host.market.bills).toEqual([]);
  });

  test('a native failure after the call was carried out: asked for with retry_reason 1, one bill', async () => {
    const host = page();
    host.fault({ api: 'operateWXData', nth: 1, effect: { fail: { errMsg: 'network error' }, after: true } });
    const { result } = await host.outcome({ data: 'x' });
    expect(result.data).toBe('x');
    expect(messagesOf(host).map(({ scene, retry_reason: reason }) => [scene, reason])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a native failure with err_code is the server speaking: one message', async () => {
    const host = page();
    host.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'busy', err_code: -11 } } });
    const { error } = await host.outcome();
    expect(error).toMatchObject({
      errCode: -11,
      message: 'invokeService:fail operateWXData:fail busy(err_code -11)',
      billing: 'unknown',
    });
    expect(scenes(host)).toEqual([1]);
  });

  test('a cancelled message is not asked for again', async () => {
    const host = page();
    host.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'cancel' } } });
    expect((await host.outcome()).error.errMsg).toBe('invokeService:fail operateWXData:fail cancel');
    expect(scenes(host)).toEqual([1]);
  });

  test('three unanswered messages: 104 after a minute, at most one bill, silence afterwards', async () => {
    const host = page();
    host.fault(LOST);
    const { error, took } = await host.outcome();
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: 104, billing: 'unknown', callId: messagesOf(host)[0].call_id });
    expect(error.message).toMatch(
      /^invokeService:fail 104 \. timeout for retry, cannot retry fetching the result anymore \(callId: .+\) \(trace: \d+:\d+:\d+ start->.+\)$/,
    );
    expect(scenes(host)).toEqual([1, 2, 2]);
    expect(took).toBe(60000);
    expect(host.market.bills).toHaveLength(1);
  });

  test('losses count over the whole call, not from poll to poll', async () => {
    const host = page({ market: { preResp: 1000 } });
    host.fault({ ...LOST, when: ({ seq }) => seq % 2 === 0 });
    expect((await host.outcome()).error.errCode).toBe(104);
    expect(scenes(host)).toHaveLength(6);
    expect(host.market.bills).toHaveLength(1);
  });

  test('52 messages are the most: 102, paced, one bill', async () => {
    const host = page({ market: { preResp: 1000 } });
    const { error } = await host.outcome();
    expect(error.errCode).toBe(102);
    expect(error.message).toMatch(
      /^invokeService:fail 102 \. exceed max poll retry \(callId: .+\) \(trace: .+\)$/,
    );
    expect(error.message.split('->')).toHaveLength(52);
    expect(scenes(host)).toEqual([1, ...Array(51).fill(2)]);
    expect(new Set(messagesOf(host).map(({ call_id }) => call_id)).size).toBe(1);
    expect(new Set(messagesOf(host).map(({ client_msg_id }) => client_msg_id)).size).toBe(52);
    const gaps = times(host).map((at, i, all) => at - (all[i - 1] ?? -Infinity));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a final answer to the 52nd message counts', async () => {
    const host = page({ market: { preResp: 51 } });
    expect((await host.outcome({ data: 7 })).result.data).toBe(7);
    expect(scenes(host)).toHaveLength(52);
    expect(host.market.bills).toHaveLength(1);
  });

  test('an answer that is late is still the answer; the question for it changes nothing', async () => {
    const host = page();
    host.fault({ api: 'operateWXData', nth: 1, effect: { delay: 25000 } });
    host.fault({ api: 'operateWXData', nth: 2, effect: { delay: 15000 } });
    const { result, took } = await host.outcome({ data: 'late' });
    expect(result.data).toBe('late');
    expect(took).toBe(25040);
    expect(scenes(host)).toEqual([1, 2]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a late or repeated "not yet" starts no second row of polls', async () => {
    const host = page({ market: { preResp: 3 } });
    host.fault({ api: 'operateWXData', nth: 1, effect: { delay: 20200 } });
    host.fault({ api: 'operateWXData', effect: { duplicate: 3 } });
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(scenes(host)).toEqual([1, 2, 2, 2]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('an answer after the end is nothing', async () => {
    const host = page();
    host.fault({ api: 'operateWXData', effect: { delay: 70000 } });
    expect((await host.outcome()).error.errCode).toBe(104);
    expect(host.market.bills).toHaveLength(1);
  });

  test('retries.resend: the first message again, the same call_id; the page accepts a second bill', async () => {
    const host = page({}, { retries: { resend: true } });
    host.fault({ ...LOST, nth: 1 });
    expect((await host.outcome({ data: { k: 1 } })).result.data).toEqual({ k: 1 });
    const [first, second] = messagesOf(host);
    expect(second).toMatchObject({ scene: 1, retry_reason: 2, call_id: first.call_id, data: '{"k":1}' });
    expect(host.market.bills).toHaveLength(billing === 'perId' ? 1 : 2);
  });

  test('retries.resend brings a call through that failed before anything left: one result, one bill', async () => {
    const host = page({}, { retries: { resend: true } });
    host.fault({ api: 'operateWXData', nth: 1, effect: { fail: { errMsg: 'system error' } } });
    expect((await host.outcome({ data: 'x' })).result.data).toBe('x');
    expect(host.market.bills).toHaveLength(1);
  });

  test('an upload that fails, then one that works: one result, one bill', async () => {
    const host = page();
    host.fault({ api: 'uploadToCommonCDN', nth: 1, effect: { fail: { errMsg: 'network error' } } });
    const { error } = await host.outcome({ data: { c: host.mark('text') } });
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(messagesOf(host)).toEqual([]);
    const { result } = await host.outcome({ data: { c: host.mark('text') } });
    expect(host.cdn.text(result.data.c)).toBe('text');
    expect(host.market.bills).toHaveLength(1);
  });
});

describe('a refusal of the host', () => {
  test('is an error that cost nothing, and the host is not asked a second time', async () => {
    const host = openPage({ bridge: 'denied' });
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(error.message).toContain('permission denied');
    expect(error.message).toContain('servicemarket.config.json');
    const again = await host.outcome();
    expect(again.error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(host.nativeCalls).toHaveLength(1);
    expect(host.market.bills).toEqual([]);
  });

  test.each([
    'operateWXData:fail permission denied',
    'operateWXData:fail no permission',
    'operateWXData:fail access denied',
    'operateWXData:fail rejected due to no permission currently in plugin',
    'operateWXData:fail not supported',
    'operateWXData:fail function not exist',
  ])('%s', async (errMsg) => {
    const host = openPage();
    host.fault({ api: 'operateWXData', nth: 1, effect: { fail: { errMsg } } });
    expect((await host.outcome()).error.billing).toBe('none');
    expect(messagesOf(host)).toHaveLength(1);
  });

  test('with err_code is an answer of the server: unknown, and not remembered', async () => {
    const host = openPage();
    host.fault({ api: 'operateWXData', nth: 1, effect: { fail: { ...DENIED, err_code: -12003 } } });
    expect((await host.outcome()).error).toMatchObject({ errCode: -12003, billing: 'unknown' });
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
  });

  test('of a poll does not change the channel: the call is under way', async () => {
    const host = openPage({ market: { preResp: 1 } });
    host.fault({ api: 'operateWXData', nth: 2, effect: { fail: DENIED } });
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(scenes(host)).toEqual([1, 2, 2]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('a bridge that is absent: nothing is called, nothing is billed', async () => {
    const host = openPage({ bridge: 'absent' });
    const { error } = await host.outcome();
    expect(error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(error.message).toContain('wx.operateWXData');
    expect(host.nativeCalls).toEqual([]);
  });

  test('or any other failure: the page may have given its own id, and gets it back', async () => {
    const host = openPage();
    host.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'busy', err_code: -11 } } });
    const { error } = await host.outcome({ clientMsgId: 'order-7' });
    expect(error.clientMsgId).toBe('order-7');
    expect(messagesOf(host)[0].client_msg_id).toBe('order-7');
  });
});

test('the ids of a call are a random number and the ms of its start, as on the platform', async () => {
  const host = openPage();
  const form = new RegExp(`^[\\d.e-]+_${host.clock.now()}$`);
  await host.outcome();
  const [{ call_id, client_msg_id }] = messagesOf(host);
  expect(call_id).toMatch(form);
  expect(client_msg_id).toMatch(form);
  expect(call_id).not.toBe(client_msg_id);
});
