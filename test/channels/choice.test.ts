/** Which channel carries what, in which order, and what is remembered (design.md, Money 3). */
import type { HostOptions } from '../../src/simulator';
import { callsOf, messagesOf, openPage, type PageHost } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';
import { CLOUD, FakeFunction } from './support/fake-function';

const NAMES = ['bridge', 'relay', 'cloud'] as const;
type Name = (typeof NAMES)[number];

interface Setup {
  host: PageHost;
  relay: FakeRelay;
  fn: FakeFunction;
  /** Who has carried how many calls. */
  carried(): Record<Name, number>;
}

/** A phone that has all three channels, of which those are configured that `config` names. */
function setUp(config: Any, options: HostOptions = {}): Setup {
  const relay = new FakeRelay();
  const host = openPage(
    { network: relay.network, ...options },
    { relay: { url: RELAY }, cloud: CLOUD, ...config },
  );
  const fn = new FakeFunction(host);
  const overBridge = (): number => host.market.messages.filter(({ channel }) => channel === 'bridge').length;
  return {
    host,
    relay,
    fn,
    carried: () => ({ bridge: overBridge(), relay: relay.calls.length, cloud: fn.events.length }),
  };
}

const NOBODY = { bridge: 0, relay: 0, cloud: 0 };

test.each([
  [['bridge', 'relay', 'cloud']],
  [['bridge', 'cloud', 'relay']],
  [['relay', 'bridge', 'cloud']],
  [['relay', 'cloud', 'bridge']],
  [['cloud', 'bridge', 'relay']],
  [['cloud', 'relay', 'bridge']],
] as Name[][][])('of %j the first that can carries calls and uploads', async (channels) => {
  const { host, carried } = setUp({ channels }, { upload: 'allowed' });
  const { result } = await host.outcome({ data: host.mark('x') });
  expect(carried()).toEqual({ ...NOBODY, [channels[0]!]: 1 });
  const home = { bridge: /cdn/, relay: /relay\.test/, cloud: /cloud\.simulator/ }[channels[0]!];
  expect(result.data).toMatch(home);
});

test('what is set up is used after the bridge, where no order is given', async () => {
  const { host, carried } = setUp({}, { bridge: 'denied' });
  await host.outcome({ data: 1 });
  expect(carried()).toEqual({ ...NOBODY, relay: 1 });
});

describe.each(['relay', 'cloud'] as const)('a bridge that is denied, then %s', (next) => {
  test('carries the call, once, and the bridge is not asked again', async () => {
    const { host, carried } = setUp({ channels: ['bridge', next] }, { bridge: 'denied' });
    for (const data of ['a', 'b', 'c']) expect((await host.outcome({ data })).result.data).toBe(data);
    expect(carried()).toEqual({ ...NOBODY, [next]: 3 });
    expect(callsOf(host, 'operateWXData')).toHaveLength(1);
  });

  test('each upload that is denied goes there as well; the denial is asked for once', async () => {
    const { host } = setUp({ channels: ['bridge', next] }, { sdkVersion: '2.8.3', upload: 'denied' });
    for (const text of ['a', 'b']) await host.outcome({ data: host.mark(text) });
    expect(callsOf(host, 'uploadToCommonCDN')).toHaveLength(1);
    expect(messagesOf(host)).toHaveLength(2);
  });

  test('long tasks and their questions go there too', async () => {
    const { host } = setUp({ channels: ['bridge', next] }, { bridge: 'denied' });
    const { result } = await host.outcome({ async: true, data: { k: 1 } });
    const { requestId } = result;
    expect((await host.outcome({ requestId }, 'waitForResult')).result.data).toEqual({ k: 1 });
    // Each capability is found out apart, and remembered.
    const asked = callsOf(host, 'operateWXData').length;
    expect(asked).toBe(2);
    await host.outcome({ async: true, data: { k: 2 } });
    expect(callsOf(host, 'operateWXData')).toHaveLength(asked);
  });

  test.each([
    ['fails', { fail: { errMsg: 'network error' } }],
    ['fails with a code', { fail: { errMsg: 'permission denied', err_code: -1 } }],
    ['is cancelled by the user', { fail: { errMsg: 'cancel' } }],
    ['loses the message', { lose: 'request' }],
    ['loses the answer', { lose: 'reply' }],
    ['answers what is no answer', { malformed: 'null' }],
    ['answers an error', { malformed: '{"errcode":-10,"errmsg":"billing failed"}' }],
  ] as const)('a bridge that %s keeps the call: no second channel', async (_name, effect) => {
    const { host, carried } = setUp({ channels: ['bridge', next] });
    host.fault({ api: 'operateWXData', effect });
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(error.billing).toBe('unknown');
    expect({ ...carried(), bridge: 0 }).toEqual(NOBODY);
  });

  test('a denial of a later message of a call changes nothing any more', async () => {
    const { host, carried } = setUp({ channels: ['bridge', next] }, { market: { preResp: 1 } });
    host.fault({ api: 'operateWXData', nth: 2, effect: { fail: { errMsg: 'permission denied' } } });
    await host.outcome();
    expect({ ...carried(), bridge: 0 }).toEqual(NOBODY);
  });
});

const LAST = { relay: 'cloud', cloud: 'relay' } as const;
const SENDS = { relay: 'request', cloud: 'cloud.callFunction' };

describe.each(['relay', 'cloud'] as const)('%s first', (first) => {
  const started = (): Setup => {
    const setup = setUp({ channels: [first, 'bridge', LAST[first]] });
    setup.host.run("wx.cloud.init({ env: 'env-1' })");
    return setup;
  };

  test('that fails is the end: no other channel is tried', async () => {
    const { host, carried } = started();
    host.fault({ api: SENDS[first], effect: { fail: { errMsg: 'network error' } } });
    const { error } = await host.outcome();
    expectWellFormed(host, error);
    expect(carried()).toEqual(NOBODY);
  });

  test('that is denied after a message was lost keeps the call: that one may have left', async () => {
    const { host, carried } = started();
    const isCall = ({ params }: Any): boolean => !/\/session$/.test(params.url);
    const [lost, denied] = [{ lose: 'request' }, { fail: { errMsg: 'permission denied' } }] as const;
    host.fault({ api: SENDS[first], when: isCall, nth: 1, effect: lost });
    host.fault({ api: SENDS[first], when: isCall, nth: 2, effect: denied });
    expect((await host.outcome({ data: 1 })).result.data).toBe(1);
    expect(carried()).toEqual({ ...NOBODY, [first]: 1 });
  });
});

test('a relay that the host does not let the app reach is passed by, and this is remembered', async () => {
  const { host, carried } = setUp({ channels: ['relay', 'bridge'] });
  host.fault({ api: 'request', effect: { fail: { errMsg: 'permission denied' } } });
  for (const data of [1, 2]) expect((await host.outcome({ data })).result.data).toBe(data);
  expect(carried()).toEqual({ ...NOBODY, bridge: 2 });
  expect(callsOf(host, 'request')).toHaveLength(1);
});

test('no channel at all: every reason is named', async () => {
  const { host, carried } = setUp(
    { channels: NAMES },
    { sdkVersion: '1.9.6', bridge: 'denied', upload: 'absent' },
  );
  host.run('delete wx.request; delete wx.uploadFile');
  const { error } = await host.outcome();
  expectWellFormed(host, error);
  expect(error).toMatchObject({ errCode: -2, billing: 'none' });
  expect(error.message).toMatch(
    /no channel for call \(bridge: .*permission denied; relay: no wx\.request on this host; cloud: no wx\.cloud on this host\)/,
  );
  expect(carried()).toEqual(NOBODY);
});

test('consumeType goes over the bridge although it stands last', async () => {
  const { host, carried } = setUp({ channels: ['relay', 'cloud', 'bridge'] });
  await host.outcome({ consumeType: 2, consumeAppid: 'wxpayer' });
  expect(carried()).toEqual({ ...NOBODY, bridge: 1 });
  expect(host.market.bills).toEqual([expect.objectContaining({ by: 'wxpayer' })]);
});
