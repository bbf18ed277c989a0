/** Plugins and host call at once; nobody gets another's answer. */
import { HOST_APPID, type Any, plain, ROUTED, worldOf } from './support/worlds';

const BILLINGS = ['perId', 'perMessage'] as const;

/** Ten calls with ids and names that the others use too; only `who` and `n` differ. */
const TEN = `
  var calls = [];
  for (var n = 0; n < 10; n++) calls.push(sm.invokeService({
    service: 'wxS', api: 'A', clientMsgId: 'order-' + n, data: { who: who, n: n, c: new sm.CDN(who + n) } }));
  return Promise.all(calls.map(function (call) { return call.then(function (r) { return r.data }) }))`;

describe.each(BILLINGS)('billing %s', (billing) => {
  test.each(ROUTED)('%s: two plugins and the host with equal ids and names', async (sdkVersion) => {
    const world = worldOf({ sdkVersion, billing }, { a: {}, b: {} });
    world.connect('a');
    world.connect('b');
    for (const nth of [1, 5, 9, 14, 21]) world.fault({ api: 'operateWXData', nth, effect: { delay: 2000 } });
    const [host, a, b] = await Promise.all([
      world.clock.until(world.run(`var sm = wx.serviceMarket; ${TEN}`, { who: 'host' }) as Promise<Any>),
      world.ask(TEN, { who: 'a' }, 'a'),
      world.ask(TEN, { who: 'b' }, 'b'),
    ]);
    for (const [who, answers] of [
      ['host', host],
      ['a', a],
      ['b', b],
    ] as const) {
      expect(plain(answers).map((answer: Any) => [answer.who, answer.n, world.cdn.text(answer.c)])).toEqual(
        Array.from({ length: 10 }, (_, n) => [who, n, who + n]),
      );
    }
    expect(world.market.bills.map(({ by }) => by)).toEqual(Array(30).fill(HOST_APPID));
  });

  test('a plugin gets the stored outcome of its own id again, and not another plugin’s', async () => {
    const world = worldOf({ billing: 'perId' }, { a: {}, b: {} });
    world.connect('a');
    world.connect('b');
    const call = "return sm.invokeService({ service: 'wxS', api: 'A', clientMsgId: 'same', data: who })";
    await world.ask(call, { who: 'a' }, 'a');
    expect(plain((await world.ask(call, { who: 'b' }, 'b')) as Any).data).toBe('b');
    expect(new Set(world.market.messages.map(({ request }) => request.client_msg_id)).size).toBe(2);
  });
});

test('an error names the plugin’s own id, for another try', async () => {
  const world = worldOf();
  world.connect();
  world.fault({ api: 'operateWXData', effect: { fail: { errMsg: 'busy', err_code: -11 } } });
  const error = await world.ask(
    "return sm.invokeService({ service: 'wxS', api: 'A', clientMsgId: 'mine' }).then(null, function (e) { return e })",
  );
  expect(error.clientMsgId).toBe('mine');
});
