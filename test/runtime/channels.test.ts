/** Which channel carries a call, when another may, and calls over the relay (design.md, Money 1, 3 and 6). */
import type { HostOptions } from '../../src/simulator';
import { callsOf, expectOver, messagesOf, openPage, type PageHost } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';

function relayed(
  options: HostOptions = {},
  config: object = {},
  changes: Partial<FakeRelay> = {},
): { relay: FakeRelay; host: PageHost } {
  const relay = Object.assign(new FakeRelay(), changes);
  return {
    relay,
    host: openPage({ network: relay.network, ...options }, { relay: { url: RELAY }, ...config }),
  };
}

const ONLY_RELAY = { channels: ['relay'] };
const INVOKE = ({ params }: Any): boolean => /\/invoke$/.test(params.url);

describe('which channel', () => {
  test('the bridge first, where nothing else is said', async () => {
    const { relay, host } = relayed();
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(relay.calls).toEqual([]);
  });

  test('the order of the configuration', async () => {
    const { relay, host } = relayed({}, { channels: ['relay', 'bridge'] });
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(relay.calls).toHaveLength(1);
    expect(messagesOf(host)).toEqual([]);
  });

  test.each([
    ['denied', 1],
    ['absent', 0],
  ] as const)(
    'a bridge that is %s: the relay carries the call, and the bridge is not asked again',
    async (bridge, asked) => {
      const { relay, host } = relayed({ bridge, upload: 'allowed' });
      for (const data of ['a', 'b']) expect((await host.outcome({ data })).result.data).toBe(data);
      expect(relay.outcomes.size).toBe(2);
      expect(messagesOf(host)).toHaveLength(asked);
      expect(host.market.bills).toEqual([]);
    },
  );

  test.each([
    ['fails', { fail: { errMsg: 'network error' } }],
    ['fails with a code', { fail: { errMsg: 'permission denied', err_code: -1 } }],
    ['is cancelled', { fail: { errMsg: 'cancel' } }],
    ['loses the message', { lose: 'request' }],
    ['loses the answer', { lose: 'reply' }],
    ['answers what is no answer', { malformed: 'null' }],
  ] as const)('a bridge that %s keeps the call: it may have left', async (_name, effect) => {
    const { relay, host } = relayed();
    host.fault({ api: 'operateWXData', effect });
    const { error } = await host.outcome();
    expect(error.billing).toBe('unknown');
    expect(relay.calls).toEqual([]);
  });

  test('a channel that is configured but not allowed is not used', async () => {
    const { relay, host } = relayed({ bridge: 'denied' }, { channels: ['bridge'] });
    expect((await host.outcome()).error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(relay.credentials).toEqual([]);
  });

  test('calls and uploads are chosen apart: bridge call, relay upload', async () => {
    const { relay, host } = relayed({ upload: 'absent' });
    expect((await host.outcome({ data: host.mark('x') })).result.data).toBe(relay.files[0].url);
    expect(relay.calls).toEqual([]);
    expect(host.market.bills).toHaveLength(1);
  });

  test('what no allowed channel can carry is refused with -1 and the fix', async () => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    const { error } = await host.outcome({ consumeType: 2, consumeAppid: 'wxpayer' });
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(error.message).toMatch(/consumeType/);
    expect(relay.calls).toEqual([]);
  });
});

describe('a call over the relay', () => {
  test('is what the relay takes: ids, texts, a session', async () => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    const { result } = await host.outcome({ data: { c: host.mark('x') }, clientMsgId: 'order-7' });
    expect(relay.calls).toEqual([
      { service: 'wxSVC', api: 'API', data: `{"c":"${relay.files[0].url}"}`, client_msg_id: 'order-7' },
    ]);
    expect(result).toMatchObject({ errMsg: 'invokeService:ok', requestId: 'req-0', requestID: 'req-0' });
    expect(callsOf(host, 'login')).toHaveLength(1);
  });

  test.each([
    ['the connection breaks', { fail: { errMsg: 'network error' } }],
    ['it breaks after the relay did it', { fail: { errMsg: 'network error' }, after: true }],
    ['the answer is lost', { lose: 'reply' }],
    ['the request is lost', { lose: 'request' }],
  ] as const)('%s: sent again under the same id, billed once', async (_name, effect) => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    host.fault({ api: 'request', when: INVOKE, nth: 1, effect });
    expect((await host.outcome({ data: 'x' })).result.data).toBe('x');
    expect(callsOf(host, 'request').filter(INVOKE)).toHaveLength(2);
    expect(
      new Set(
        callsOf(host, 'request')
          .filter(INVOKE)
          .map(({ params }) => params.data.client_msg_id),
      ).size,
    ).toBe(1);
    expect(relay.outcomes.size).toBe(1);
  });

  test('three unanswered messages end it, with the id that gets the outcome later', async () => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    host.fault({ api: 'request', when: INVOKE, times: 3, effect: { lose: 'reply' } });
    const { error } = await host.outcome({ data: 'x' });
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: 104, billing: 'unknown' });
    expect(relay.outcomes.size).toBe(1);
    const { result } = await host.outcome({ data: 'x', clientMsgId: error.clientMsgId });
    expect(result.data).toBe('x');
    expect(relay.outcomes.size).toBe(1);
  });

  test('a gateway that answers 502 knows nothing of the call: asked again', async () => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    let broken = 1;
    relay.instead = ({ path }) =>
      path === '/invoke' && broken-- > 0 ? { status: 502, body: '<html>' } : undefined;
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
  });

  test.each([
    [409, { errcode: 409, errmsg: 'another call has this id', request_id: 'R7' }],
    [403, { errcode: 403, errmsg: 'service not listed', request_id: 'R7' }],
    [200, { errcode: 45009, errmsg: 'quota', request_id: 'R7' }],
  ])('the answer %d %j is final', async (status, body) => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    relay.instead = ({ path }) => (path === '/invoke' ? { status, body } : undefined);
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: body.errcode, requestId: 'R7', billing: 'unknown' });
    expect(error.message).toContain(body.errmsg);
    expect(callsOf(host, 'request').filter(INVOKE)).toHaveLength(1);
  });

  test.each(['not json', '{}', 'null', '[]', ''])('a good status with the body %j', async (body) => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    relay.instead = ({ path }) => (path === '/invoke' ? { body } : undefined);
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(error.billing).toBe('unknown');
  });

  test('a session that ended is renewed once, and the call goes under the same id', async () => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    await host.outcome({ data: 1 });
    relay.tokens.clear();
    await host.outcome({ data: 2 });
    expect(relay.credentials).toHaveLength(2);
    expect(relay.outcomes.size).toBe(2);
  });

  test('no session, no bill: the error says none', async () => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    host.fault({ api: 'login', effect: { fail: { errMsg: 'system error' } } });
    expect((await host.outcome()).error).toMatchObject({ errCode: -2, billing: 'none' });
    expect(relay.calls).toEqual([]);
  });

  test('long tasks and their results', async () => {
    const { relay, host } = relayed({}, ONLY_RELAY);
    const { result } = await host.outcome({ async: true, data: { k: 1 } });
    expect(result).toEqual({ errMsg: 'invokeService:ok', requestId: 'req-0', requestID: 'req-0' });
    expect(relay.calls[0].async).toBe(true);
    const done = await host.outcome({ requestId: 'req-0' }, 'getAsyncResult');
    expect(done.result).toMatchObject({ errCode: 0, status: 0, data: { k: 1 } });
    const unknown = await host.outcome({ requestId: 'nobody' }, 'getAsyncResult');
    expect(unknown.error).toMatchObject({ billing: 'none' });
    expect(unknown.error.message).toContain('unknown request id');
  });

  test.each([
    [10, 'none'],
    [3000, 'unknown'],
  ])('abort after %d ms stops the request; billing %s', async (ms, billing) => {
    const { host } = relayed({}, ONLY_RELAY, { sessionTakes: 1000, callTakes: 9000 });
    const seen = host.start();
    await host.clock.advance(ms);
    seen.task.abort();
    expect(host.transfers.inFlight).toBe(0);
    const before = host.nativeCalls.length;
    await host.clock.run();
    expectOver(host, seen);
    expect(seen.error).toMatchObject({ message: 'invokeService:fail abort', billing });
    expect(host.nativeCalls).toHaveLength(before);
  });

  test('timeout counts from the first call message', async () => {
    const { host } = relayed({}, ONLY_RELAY, { callTakes: 15000 });
    const { error, took } = await host.outcome({ timeout: 5000 });
    expect(error).toMatchObject({ errCode: 104, billing: 'unknown' });
    expect(took).toBeGreaterThanOrEqual(5000);
    expect(took).toBeLessThan(5500);
  });
});

test('on the bridge too, timeout leaves uploads their own time', async () => {
  const host = openPage();
  host.fault({ api: 'uploadToCommonCDN', effect: { delay: 10000 } });
  const { result } = await host.outcome({ data: host.mark('x'), timeout: 3000 });
  expect(host.cdn.text(result.data)).toBe('x');
});
