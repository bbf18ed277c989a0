/** What a hostile plugin can do to its host: nothing beyond docs/en/security.md, in a shared realm and in one of its own. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { ROOT } from '../support/files';
import { ATTACKS, type Attack, INHERITED } from './support/attacks';
import {
  type Any,
  CALL,
  HOST_APPID,
  HOST_FILE,
  injectedFile,
  MAIN,
  outcome,
  plain,
  worldOf,
  type World,
} from './support/worlds';

const POLICY = [{ service: 'ok', perMinute: 3 }];
/** The same policy in each of its forms, as literals of the host's code: page code pushes none into arrays. */
const POLICIES = {
  list: `policy: ${JSON.stringify(POLICY)}`,
  function:
    "policy: (function (left) { return function (q) { return q.service === 'ok' && left-- > 0 } })(3)",
  configured: '',
};
const FILES = {
  'wxfile://usr/secret.txt': 'SECRET',
  'wxfile://store_1.txt': 'SECRET',
  'wxfile://tmp_a.png': 'PNG-A',
};

/** The plugin does not use the package: it keeps what its host gives. */
const RAW = { main: 'exports.connectServiceMarket = function (send) { wx.send = send; }' };

const hostile = (options = {}): World =>
  worldOf({ files: FILES, billing: 'perId', ...options }, { ocr: RAW });

/** Runs an attack as code of the plugin, in the host's realm; gives what it got hold of. */
async function inSharedRealm(world: World, { code }: Attack, policy = POLICIES.list): Promise<unknown[]> {
  world.run(`api.connectPlugin({ name: 'ocr', plugin: requirePlugin('ocr'), ${policy} })`, {
    api: world.api,
  });
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
  const asked = world.nativeCalls
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
  world.cdn.most = 0;
  const { data: urls } = await world.clock.until(world.run(`${data} ${call}`) as Promise<Any>);
  expect(plain(urls).map((url: string) => world.cdn.text(url))).toEqual(
    Array.from({ length: 12 }, (_, i) => `host ${i}`),
  );
  expect(world.cdn.inFlight).toBe(0);
  // The host's own code, which carries its calls from 2.9.4 on, has all 12 in flight at once.
  expect(world.cdn.most).toBeGreaterThanOrEqual(10);
}

test('there are enough', () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(25);
});

/** Nothing of the host's but what the attack may have. */
function expectHarmless(got: unknown[], { gets = [] }: Attack): void {
  expect(got.filter((value) => ![undefined, ...gets].includes(value))).toEqual([]);
}

describe.each([
  ['2.8.3', 'list'],
  ['2.11.0', 'list'],
  ['2.11.0', 'function'],
] as const)('in the host’s realm, %s, the policy is a %s', (sdkVersion, form) => {
  test.each(ATTACKS)('$name', async (attack) => {
    const world = hostile({ sdkVersion });
    expectHarmless(await inSharedRealm(world, attack, POLICIES[form]), attack);
    expectWithinPolicy(world);
    if (!attack.name.startsWith('patch')) await expectSound(world);
  });
});

describe('in a realm of its own', () => {
  test.each(ATTACKS.filter(({ shared }) => !shared))('$name', async (attack) => {
    const world = hostile();
    expectHarmless(await inOwnRealm(world, attack), attack);
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

/** What a plugin's components do before app.js runs, or its main before `connectPlugin` has its exports. */
const BEFORE: [string, string][] = [
  ['wider policies on Object.prototype', "Object.prototype.policy = 'all'; Object.prototype.perMinute = 6000"],
  ['a policy under the plugin’s name', 'Object.prototype.ocr = function () { return true }'],
  ['a list of policies that permit', 'Object.prototype.plugins = { ocr: function () { return true } }'],
  ['setters for indices', 'for (var k = 0; k < 8; k++) Object.defineProperty(Object.prototype, k, { configurable: true, set: function () {} })'],
  ['a setter that gets hold of the policies', "Object.defineProperty(Object.prototype, 'plugins', { configurable: true, set: function (v) { v.ocr = function () { return true }; Object.freeze(v) } })"],
]; // prettier-ignore

describe.each(['list', 'function', 'configured'] as const)('before the host connects, the policy is a %s', (form) => {
  const config = form === 'configured' ? { plugins: { ocr: POLICY } } : {};
  const overdraw = ATTACKS.find(({ name }) => name === 'more than the policy permits') as Attack;

  // The configuration itself is copied field by field: a setter that was there before gets it (docs/en/security.md).
  const ofFields = form === 'configured' ? BEFORE.filter(([name]) => !name.startsWith('a setter')) : BEFORE;

  test.each(ofFields)('before its file loads: %s', async (_name, patch) => {
    const world = worldOf({ files: FILES }, { ocr: RAW }, null);
    world.plugin('ocr').run(patch);
    world.api = world.load(injectedFile(config));
    await inSharedRealm(world, overdraw, POLICIES[form]);
    expect(world.market.bills).toHaveLength(3);
    expectWithinPolicy(world);
  });

  test.each(BEFORE)('in the plugin’s main: %s', async (_name, patch) => {
    const main = `${patch}; ${RAW.main}`;
    const world = worldOf({ files: FILES }, { ocr: { main } }, injectedFile(config));
    await inSharedRealm(world, overdraw, POLICIES[form]);
    expect(world.market.bills).toHaveLength(3);
    expectWithinPolicy(world);
  });
}); // prettier-ignore

describe.each(Object.entries(INHERITED))('contents stay what they are, whatever %s on Object.prototype says', (_field, patch) => {
  const UPLOADS = `
    var data = [new sm.CDN('one'), new sm.CDN('two'), new sm.CDN(new Uint8Array([65, 66]).buffer),
      new sm.CDN({ type: 'filePath', filePath: 'wxfile://tmp_a.png' })];
    return sm.invokeService({ service: 'ok', api: 'A', data: data }).then(function (r) { return r.data })`;

  test.each(['before', 'after'])('patched %s the host’s file loads', async (when) => {
    const world = worldOf({ files: FILES }, { ocr: {} }, null);
    if (when === 'before') world.plugin('ocr').run(patch);
    world.api = world.load(HOST_FILE);
    world.connect();
    if (when === 'after') world.plugin('ocr').run(patch);
    const ofHost = world.clock.until(world.run(`var sm = wx.serviceMarket; ${UPLOADS}`) as Promise<Any>);
    for (const urls of [await ofHost, await world.ask(UPLOADS)]) {
      expect(plain(urls).map((url: string) => world.cdn.text(url))).toEqual(['one', 'two', 'AB', 'PNG-A']);
    }
    expectWithinPolicy(world);
  });
}); // prettier-ignore

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
