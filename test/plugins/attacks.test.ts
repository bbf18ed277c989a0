/** What a hostile plugin can do to its host: nothing beyond docs/security.md, in a shared realm and in one of its own. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { ROOT } from '../runtime/support';
import { ATTACKS, type Attack } from './attacks';
import {
  type Any,
  CALL,
  clean,
  HOST_APPID,
  HOST_FILE,
  MAIN,
  outcome,
  plain,
  worldOf,
  type World,
} from './support';

afterEach(clean);

const POLICY = [{ service: 'ok', perMinute: 3 }];
const FILES = {
  'wxfile://usr/secret.txt': 'SECRET',
  'wxfile://store_1.txt': 'SECRET',
  'wxfile://tmp_a.png': 'PNG-A',
};

/** The plugin does not use the package: it keeps what its host gives. */
const RAW = { main: 'exports.connectServiceMarket = function (send) { wx.send = send; }' };

const hostile = (options = {}): World => worldOf({ files: FILES, ...options }, { ocr: RAW });

/** Runs an attack as code of the plugin, in the host's realm; gives what it got hold of. */
async function inSharedRealm(world: World, { code }: Attack): Promise<unknown[]> {
  // As a literal of the host's code: page code does not push its policies into arrays.
  world.run(
    `api.connectPlugin({ name: 'ocr', plugin: requirePlugin('ocr'), policy: ${JSON.stringify(POLICY)} })`,
    {
      api: world.api,
    },
  );
  const got: unknown[] = [];
  const say = (value: unknown): void => void got.push(value);
  try {
    world.plugin('ocr').run(`var send = wx.send, reply = function () {}; ${code}`, { say });
  } catch {
    // Its own affair.
  }
  await world.clock.run();
  return got;
}

/** The same in a realm of the plugin's own. */
async function inOwnRealm(world: World, { code }: Attack): Promise<unknown[]> {
  const got: unknown[] = [];
  const say = (value: unknown): void => void got.push(value);
  const context = vm.createContext({ say });
  vm.runInContext(
    'var plugin = { connectServiceMarket: function (given) { send = given } }, send, reply = function () {}',
    context,
  );
  world.run("api.connectPlugin({ name: 'ocr', plugin: plugin, policy: policy })", {
    api: world.api,
    plugin: context.plugin,
    policy: POLICY,
  });
  try {
    vm.runInContext(code, context);
  } catch {
    // Its own affair.
  }
  await world.clock.run();
  return got;
}

/** What no attack may reach, also where it patches what host and plugin share. */
function expectWithinPolicy(world: World): void {
  const services = world.market.bills.map(({ service }) => service);
  expect(services.filter((service) => service !== 'ok')).toEqual([]);
  expect(services.length).toBeLessThanOrEqual(3);
  const uploaded = world.cdn.files.map(({ url }) => world.cdn.text(url));
  expect(uploaded).not.toContain('SECRET');
  const asked = world.calls
    .filter(({ api }) => api === 'uploadToCommonCDN')
    .map(({ params }) => params.filePath);
  expect(asked.filter((path) => path !== undefined && !/^wxfile:\/\/tmp_/.test(path))).toEqual([]);
}

/** The host works as before, with all ten of its transfers. */
async function expectSound(world: World): Promise<void> {
  expect(world.errors).toEqual([]);
  expect(world.unhandled).toEqual([]);
  expect(world.run('return ({}).polluted')).toBeUndefined();
  const data = 'var d = []; for (var i = 0; i < 12; i++) d.push(new wx.serviceMarket.CDN("host " + i));';
  const call =
    "return wx.serviceMarket.invokeService({ service: 'host', api: 'A', clientMsgId: 'host-1', data: d })";
  const { data: urls } = await world.clock.until(world.run(`${data} ${call}`) as Promise<Any>);
  expect(plain(urls).map((url: string) => world.cdn.text(url))).toEqual(
    Array.from({ length: 12 }, (_, i) => `host ${i}`),
  );
  expect(world.transfers.inFlight).toBe(0);
}

test('there are enough', () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(25);
});

describe.each(['2.8.3', '2.11.0'])('in the host’s realm, %s', (sdkVersion) => {
  test.each(ATTACKS)('$name', async (attack) => {
    const world = hostile({ sdkVersion });
    const got = await inSharedRealm(world, attack);
    expect(
      got.filter((value) => ![undefined, ...((attack.gets as unknown[]) ?? [])].includes(value)),
    ).toEqual([]);
    expectWithinPolicy(world);
    if (!attack.name.startsWith('patch')) await expectSound(world);
  });
});

describe('in a realm of its own', () => {
  test.each(ATTACKS.filter(({ shared }) => !shared))('$name', async (attack) => {
    const world = hostile();
    const got = await inOwnRealm(world, attack);
    expect(
      got.filter((value) => ![undefined, ...((attack.gets as unknown[]) ?? [])].includes(value)),
    ).toEqual([]);
    expectWithinPolicy(world);
    await expectSound(world);
  });

  test('the package works there as it does in the host’s', async () => {
    const world = worldOf();
    const text = fs.readFileSync(path.join(ROOT, 'miniprogram_dist/plugin.js'), 'utf8');
    const timers = {
      setTimeout: world.run('return setTimeout'),
      clearTimeout: world.run('return clearTimeout'),
    };
    const context = vm.createContext({ exports: {}, wx: {}, ...timers });
    vm.runInContext(text, context);
    const asked = vm.runInContext(
      `var sm = exports.serviceMarket, bytes = new Uint8Array([65, 66]).buffer;
       sm.invokeService({ service: 's', api: 'a', data: { b: new sm.CDN(bytes), t: new sm.CDN('text') } })
         .then(function (r) { return [r instanceof Object, r.data] })`,
      context,
    ) as Promise<Any>;
    world.run("api.connectPlugin({ name: 'ocr', plugin: plugin })", {
      api: world.api,
      plugin: context.exports,
    });
    const [isOwn, data] = await world.clock.until(asked);
    expect(isOwn).toBe(true);
    expect([world.cdn.text(data.b), world.cdn.text(data.t)]).toEqual(['AB', 'text']);
    const failed = vm.runInContext(
      'exports.serviceMarket.invokeService({}).then(null, function (e) { return [e instanceof Error, e.errMsg] })',
      context,
    ) as Promise<Any>;
    expect([...(await world.clock.until(failed))]).toEqual([
      true,
      "invokeService:fail Error: field 'service' and 'api' must be provided",
    ]);
  });
});

describe('before the host’s file loads', () => {
  test.each([
    ['wider policies on Object.prototype', "Object.prototype.policy = 'all'; Object.prototype.perMinute = 1e6"],
    ['a policy under the plugin’s name', 'Object.prototype.ocr = function () { return true }'],
    ['setters for indices', 'for (var k = 0; k < 8; k++) Object.defineProperty(Object.prototype, k, { configurable: true, set: function () {} })'],
  ])('%s', async (_name, patch) => {
    const world = worldOf({ files: FILES }, { ocr: RAW }, null);
    world.plugin('ocr').run(patch);
    world.api = world.load(HOST_FILE);
    const overdraw = ATTACKS.find(({ name }) => name === 'more than the policy permits') as Attack;
    await inSharedRealm(world, overdraw);
    expectWithinPolicy(world);
  }); // prettier-ignore
});

describe('another plugin’s connection', () => {
  test('a plugin cannot put itself in the place of another’s host', async () => {
    const world = worldOf({}, { ocr: {}, bad: { main: '' } });
    world.connect();
    world.plugin('bad').run("requirePlugin('ocr').connectServiceMarket(function () { wx.taken = true })");
    expect((await world.ask(CALL)).ok.data).toEqual({ n: 1 });
    expect(world.plugin('bad').wx.taken).toBeUndefined();
    expect(world.market.bills).toMatchObject([{ by: HOST_APPID }]);
  });

  test('what it gets of another’s connection is bound to the other’s policy and name', async () => {
    const world = worldOf({}, { ocr: RAW, bad: { main: MAIN } });
    const reports = world.run('return wx.reports = []');
    world.run('api.configure({ onPluginCall: function (call) { wx.reports.push(call) } })', {
      api: world.api,
    });
    world.connect('ocr', { policy: POLICY });
    world.connect('bad', { policy: [] });
    const { send } = world.plugin('ocr').wx;
    const replay = `send('invokeService', '{"service":"SERVICE","api":"A"}', function () {})`;
    for (const service of ['ok', 'ok', 'ok', 'ok', 'forbidden']) {
      world.plugin('bad').run(replay.replace('SERVICE', service), { send });
    }
    await world.clock.run();
    expectWithinPolicy(world);
    const told = plain(reports).map(({ plugin, outcome: end }: Any) => `${plugin} ${end}`);
    expect(told.sort()).toEqual([...Array(3).fill('ocr ok'), ...Array(2).fill('ocr refused')]);
    const own = await world.ask(outcome("sm.invokeService({ service: 'ok', api: 'A' })"), {}, 'bad');
    expect(own.error.message).toContain('refused');
  });

  test('an older connection is bound to the newest policy', async () => {
    const world = hostile();
    world.connect('ocr', { policy: 'all' });
    const { send } = world.plugin('ocr').wx;
    world.connect('ocr', { policy: [] });
    world.plugin('ocr').run(`send('invokeService', '{"service":"ok","api":"A"}', function () {})`, { send });
    await world.clock.run();
    expect(world.market.messages).toEqual([]);
  });
});
