import { followClock, timerGlobals } from '../apis/timers';
import { createPluginWx } from '../plugins/plugin-wx';
import { Plugins, requirePluginGlobal } from '../plugins/plugins';
import { toRealm, toRealmTable } from '../realm/realm';
import type { Realm } from '../realm/realm';
import type { OpenPage } from '../pages/page';
import type { Host, TestPage } from '../types';
import { AppRunner } from './app';
import { consoleGlobal } from './console';
import { createEnv } from './create-env';
import { Modules } from '../modules/modules';
import { Actions } from '../kit/actions';
import { PageHandle } from '../kit/page-handle';
import { PageStack } from '../pages/page-stack';
import type { Machine } from './machine';
import { checkOptions } from './options';
import type { HostOptions } from './options';
import { otherHostOf } from './other-hosts';
import { createWx } from './wx';

/**
 * A host on some machine. What it does is written from protocol.md and shares no code with the runtime.
 *
 * @throws Error when `sdkVersion` names no row of the profile table, or an option has a value that it cannot have
 */
export function createHostOn(machine: Machine, options: HostOptions): Host {
  checkOptions(options);
  const env = createEnv(machine, options);
  const { profile, realm, clock, market, cdn, cloud, transfers, logs, errors } = env;
  const modules = new Modules(realm, machine.files, {
    given: {},
    keepsBroken: false,
    missing: profile.missingModule,
  });
  followClock(env);
  const stack = new PageStack(env);
  const { wx: own, markers } = createWx(env, stack);
  const { name, api: wx } = options.host ? otherHostOf(env, own, options.host) : { name: 'wx', api: own };
  const plugins = new Plugins({
    env,
    files: machine.files,
    hostModules: modules,
    makeWx: (plugin, declaration) => createPluginWx(env, markers, plugin, declaration) as unknown,
  });
  const app = new AppRunner(env, modules, plugins, stack);
  Object.assign(realm.global, timerGlobals(env), app.globals(), {
    [name]: wx as unknown,
    console: consoleGlobal(env),
  });
  // Visible to page code, and of no use to it (protocol 10).
  realm.global.WeixinJSBridge = toRealmTable(realm, { invokeCallbackHandler() {}, subscribeHandler() {} });
  realm.global.__wxConfig = toRealm(realm, { accountInfo: { appId: env.appid } });
  if (profile.plugins) realm.global.requirePlugin = requirePluginGlobal(env, plugins);
  for (const { name, ...plugin } of options.plugins ?? []) {
    if (name === undefined) continue;
    plugins.declare(name, {
      provider: plugin.appid,
      version: plugin.version ?? '1.0.0',
      export: plugin.export,
    });
    plugins.add(plugin);
  }
  const unhandled: unknown[] = [];
  const actions = new Actions(env, unhandled);
  const handles = new WeakMap<OpenPage, TestPage>();
  const handleOf = (page: OpenPage | undefined): TestPage => {
    if (!page) throw new Error('Failed to find the page: none is open. Call host.open(path) first.');
    const handle = handles.get(page) ?? new PageHandle(env, actions, page, app.root as string).withMembers();
    handles.set(page, handle);
    return handle;
  };
  const stopCollecting = machine.collectUnhandled(realm, unhandled);

  return {
    wx,
    profile,
    load: (file) => modules.load(file) as unknown,
    run: (source, args = {}) =>
      modules.run(source, ofRealm(realm, args), app.root ?? machine.files.resolve('.')) as unknown,
    plugin(name) {
      const plugin = plugins.named(name);
      const run = (source: string, args = {}): unknown => plugin.run(source, ofRealm(realm, args)) as unknown;
      return { appid: plugin.appid, wx: plugin.wx as unknown, run };
    },
    script: (source) => void realm.script(source),
    globals: () => Object.getOwnPropertyNames(realm.global).sort(),
    boot: (projectDir) => app.boot(projectDir),
    async open(page, query) {
      await actions.perform(`open ${page}`, () => void app.open(page, query));
      return handleOf(stack.top);
    },
    get page() {
      return handleOf(stack.top);
    },
    show: (page, query) => app.open(page, query).instance as unknown,
    rest: () => actions.perform('come to rest', () => undefined),
    provide(service, apis) {
      for (const [api, provider] of Object.entries(apis)) market.provide(`${service}/${api}`, provider);
    },
    get calls() {
      return env.market.calls;
    },
    get bills() {
      return market.bills;
    },
    uploads: env.uploads,
    choosePhotos: (...photos) => void (env.photos = photos),
    offline: () => void (env.network.isOffline = true),
    online: () => void (env.network.isOffline = false),
    slow: (bytesPerSecond) => void (env.network.bandwidth = bytesPerSecond),
    deny: (what) => void (env.permissions[what] = 'denied'),
    allow: (what) => void (env.permissions[what] = 'allowed'),
    nativeCalls: env.natives.calls,
    fault: (fault) => env.natives.faults.add(fault),
    clock,
    market,
    cdn,
    cloud,
    transfers,
    tempFiles: () => env.files.madeByApp(),
    background() {
      app.tell('onHide');
      for (const listener of env.lifecycle.hide) listener();
      clock.suspendUser();
    },
    foreground() {
      clock.resumeUser();
      app.tell('onShow');
      for (const listener of env.lifecycle.show) listener({ path: '', query: {}, scene: 1001 });
    },
    unhandled,
    errors,
    logs,
    async close() {
      clock.close();
      stopCollecting();
    },
  };
}

/** Arguments for page code, as values of its realm. */
function ofRealm(realm: Realm, args: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(args).map(
    ([name, value]) => [name, toRealm(realm, value) as unknown] as const,
  );
  return Object.fromEntries(entries);
}
