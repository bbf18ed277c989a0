/** What a plugin may call: the host decides, and is told. */
import {
  type Any,
  CALL,
  connectedWorld,
  injectedFile,
  outcome,
  plain,
  ROUTED,
  worldOf,
} from './support/worlds';

const call = (service: string, api = 'A'): string =>
  outcome(`sm.invokeService({ service: '${service}', api: '${api}' })`);
const REFUSED = { errCode: -1, billing: 'none', errMsg: "invokeService:fail refused by the host's policy" };

async function allowed(world: Any, service: string, api?: string): Promise<boolean> {
  const { error } = await world.ask(call(service, api));
  if (error) expect(error).toMatchObject(REFUSED);
  return !error;
}

test.each(ROUTED)('%s: without a policy everything is permitted', async (sdkVersion) => {
  expect(await allowed(connectedWorld({ sdkVersion }), 'any')).toBe(true);
});

test('a list: by service, or by service and api', async () => {
  const world = connectedWorld({}, { policy: [{ service: 'one' }, { service: 'two', api: 'A' }] });
  expect(await allowed(world, 'one', 'B')).toBe(true);
  expect(await allowed(world, 'two')).toBe(true);
  expect(await allowed(world, 'two', 'B')).toBe(false);
  expect(await allowed(world, 'three')).toBe(false);
  expect(world.market.messages).toHaveLength(2);
});

test('perMinute: so many within any 60 seconds, each entry by itself', async () => {
  const policy = [
    { service: 'one', perMinute: 2 },
    { service: 'two', perMinute: 1 },
  ];
  const world = connectedWorld({}, { policy });
  const tries = [await allowed(world, 'one'), await allowed(world, 'one'), await allowed(world, 'one')];
  expect(tries).toEqual([true, true, false]);
  expect(await allowed(world, 'two')).toBe(true);
  await world.clock.advance(59_000);
  expect(await allowed(world, 'one')).toBe(false);
  await world.clock.advance(1_100);
  expect([await allowed(world, 'one'), await allowed(world, 'one'), await allowed(world, 'one')]).toEqual([
    true,
    true,
    false,
  ]);
});

test('perMinute 0 permits none; the first entry that fits decides', async () => {
  const world = connectedWorld(
    {},
    { policy: [{ service: 'one', api: 'A', perMinute: 0 }, { service: 'one' }] },
  );
  expect([await allowed(world, 'one'), await allowed(world, 'one', 'B')]).toEqual([false, true]);
});

test.each([6001, 1e9, Infinity, '6001'])(
  'perMinute %j is over the maximum of 6000, and said so',
  (perMinute) => {
    const world = worldOf();
    const policy = [{ service: 'one', perMinute }];
    expect(() => world.connect('ocr', { policy })).toThrow('perMinute: 0 to 6000');
    world.connect('ocr', { policy: [{ service: 'one', perMinute: 6000 }] });
  },
);

test.each([
  ['true', 'true', true],
  ['false', 'false', false],
  ['a promise of true', 'Promise.resolve(true)', true],
  ['a promise of false', 'Promise.resolve(false)', false],
  ['a late promise', 'new Promise(function (done) { setTimeout(function () { done(true) }, 3000) })', true],
  ['nothing', 'undefined', false],
  ['what is only like true', "'yes'", false],
  ['a thenable', '{ then: function (done) { done(true) } }', true],
  ['a rejection', "Promise.reject(new Error('mine'))", false],
  ['a rejection with true', 'Promise.reject(true)', false],
])('a function that gives %s', async (_what, value, expected) => {
  const world = worldOf();
  world.run(
    `api.connectPlugin({ name: 'ocr', plugin: requirePlugin('ocr'), policy: function (q) { asked.push(q); return ${value} } })`,
    { api: world.api, asked: (world.wx.asked = world.run('return []')) },
  );
  expect(await allowed(world, 'one')).toBe(expected);
  expect(plain(world.wx.asked)).toEqual([{ plugin: 'ocr', service: 'one', api: 'A' }]);
  expect(world.unhandled).toEqual([]);
});

test('a function that throws refuses', async () => {
  const world = worldOf();
  const policy = world.run("return function () { throw new Error('mine') }");
  world.connect('ocr', { policy });
  expect(await allowed(world, 'one')).toBe(false);
});

test.each([{}, 5, 'al', true, [{ service: undefined }], [null]])(
  'what is no policy permits nothing: %j',
  async (policy) => {
    const world = connectedWorld({}, { policy });
    expect(await allowed(world, 'one')).toBe(false);
  },
);

test('the configured policy; one given in code goes before it, none in code leaves it', async () => {
  const file = injectedFile({ plugins: { ocr: [{ service: 'one' }] } }, ['ocr']);
  const world = worldOf({}, { ocr: {} }, file);
  expect([await allowed(world, 'one'), await allowed(world, 'two')]).toEqual([true, false]);
  world.connect();
  expect(await allowed(world, 'two')).toBe(false);
  world.connect('ocr', { policy: [{ service: 'two' }] });
  expect([await allowed(world, 'one'), await allowed(world, 'two')]).toEqual([false, true]);
});

test('each plugin has its own', async () => {
  const world = worldOf({}, { a: {}, b: {} });
  world.connect('a', { policy: [{ service: 'one', perMinute: 1 }] });
  world.connect('b', { policy: 'all' });
  expect((await world.ask(call('one'), {}, 'a')).error).toBeUndefined();
  expect((await world.ask(call('one'), {}, 'a')).error).toMatchObject(REFUSED);
  expect((await world.ask(call('one'), {}, 'b')).error).toBeUndefined();
});

test('getAsyncResult costs nothing and is not asked about', async () => {
  const world = connectedWorld({}, { policy: [] });
  const { error } = await world.ask(outcome("sm.getAsyncResult({ requestId: 'unknown' })"));
  expect(error.errMsg).toMatch(/^getAsyncResult:fail/);
  expect(error.errMsg).not.toContain('refused');
});

test('every routed call is reported, however it ends; a listener that throws hurts nobody', async () => {
  const world = connectedWorld({}, { policy: [{ service: 'wxS' }] });
  const reports = world.run('return wx.reports = []');
  world.run(
    'api.configure({ onPluginCall: function (call) { wx.reports.push(call); throw new Error("mine") } })',
    {
      api: world.api,
    },
  );
  world.fault({ api: 'operateWXData', nth: 2, effect: { fail: { errMsg: 'busy', err_code: -11 } } });
  world.fault({ api: 'operateWXData', nth: 1, effect: { delay: 250 } });
  await world.ask(CALL);
  await world.ask(CALL);
  await world.ask(call('other'));
  await world.ask(
    outcome(
      "sm.invokeService({ service: 'wxS', api: 'A', data: new sm.CDN({ filePath: 'wxfile://usr/x' }) })",
    ),
  );
  const common = { plugin: 'ocr', method: 'invokeService' };
  expect(plain(reports)).toEqual([
    { ...common, service: 'wxS', api: 'A', outcome: 'ok', ms: expect.any(Number) },
    { ...common, service: 'wxS', api: 'A', outcome: 'fail', ms: expect.any(Number) },
    { ...common, service: 'other', api: 'A', outcome: 'refused', ms: expect.any(Number) },
    { ...common, service: 'wxS', api: 'A', outcome: 'refused', ms: expect.any(Number) },
  ]);
  expect(reports[0].ms).toBeGreaterThanOrEqual(250);
});
