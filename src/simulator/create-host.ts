import { followClock, timerGlobals } from './apis/timers';
import { TransferCounter } from './apis/transfers';
import { AppRunner } from './app';
import { checkOptions } from './check-options';
import { CdnStore } from './cdn';
import { CLOUD_ORIGIN, CloudBackend } from './cloud/backend';
import { createRealClock } from './clock/real-clock';
import { createVirtualClock } from './clock/virtual-clock';
import { consoleGlobal, printed } from './console';
import type { Env } from './env';
import { FileStore } from './files';
import { MarketServer } from './market/market';
import { Modules } from './modules';
import { Natives } from './natives';
import { Network } from './network';
import { nodeModuleFiles, readNodeFile } from './node-files';
import { nodeHttp } from './node-http';
import { profileOf } from './profiles';
import { toRealm } from './realm';
import type { HostOptions } from './host-options';
import type { Any, Host, LogLine } from './types';
import { collectUnhandled } from './unhandled';
import { createVmRealm } from './vm-realm';
import { createWx } from './wx';

/** ms that one native call takes: as on a device in virtual time, next to nothing in real time. */
const VIRTUAL_LATENCY = 40;
const REAL_LATENCY = 2;

const DEFAULT_BANDWIDTH = 1000000;

/**
 * A mini-program host: its own realm with `wx` and the loader's globals, a clock, and behind it a CDN and a
 * service market. What it does is written from protocol.md and shares no code with the runtime.
 *
 * @throws Error when `sdkVersion` names no row of the profile table, or an option has a value that it cannot have
 */
export function createHost(options: HostOptions = {}): Host {
  checkOptions(options);
  const profile = profileOf(options.sdkVersion ?? '2.8.3');
  const { platform = 'android', appid = 'wxhost00000000000' } = options;
  const oldEngine = profile.serviceMarket !== 'scenes';
  const realm = createVmRealm({
    oldEngine,
    withoutProxy: platform === 'ios' && profile.serviceMarket === 'none',
    promiseFinally: platform !== 'ios' || !oldEngine,
  });
  const clock = options.clock === 'real' ? createRealClock() : createVirtualClock();
  const cdn = new CdnStore(() => clock.now());
  const cloud = new CloudBackend(clock, appid, options.cloud);
  const network = new Network(
    clock,
    cdn,
    { ...options.network, [CLOUD_ORIGIN]: cloud.serve },
    options.bandwidth ?? DEFAULT_BANDWIDTH,
    clock.virtual ? undefined : nodeHttp,
  );
  const market = new MarketServer(clock, (url) => network.fetchBytes(url), {
    ...(options.billing ? { billing: options.billing } : {}),
    ...(options.wireVersion === undefined ? {} : { wireVersion: options.wireVersion }),
    ...options.market,
  });
  for (const [key, provider] of Object.entries(options.providers ?? {})) market.provide(key, provider);
  const files = new FileStore(readNodeFile, profile.fileQuota);
  for (const [path, content] of Object.entries(options.files ?? {})) files.give(path, content);

  const logs: LogLine[] = [];
  const errors: unknown[] = [];
  const unhandled: unknown[] = [];
  const env: Env = {
    options,
    profile,
    platform,
    appid,
    realm,
    clock,
    natives: new Natives(clock, clock.virtual ? VIRTUAL_LATENCY : REAL_LATENCY),
    files,
    market,
    cdn,
    cloud,
    network,
    lifecycle: { show: [], hide: [] },
    log: (level, ...values) => void logs.push({ level, text: values.map(printed).join(' ') }),
    report(error) {
      errors.push(error);
      env.log('error', error);
    },
  };
  const transfers = new TransferCounter();
  const modules = new Modules(realm, nodeModuleFiles);
  const app = new AppRunner(env, modules, nodeModuleFiles);
  followClock(env);
  const { wx } = createWx(env, transfers);
  Object.assign(realm.global, timerGlobals(env), app.globals(), { wx, console: consoleGlobal(env) });
  realm.global.__wxConfig = toRealm(realm, { accountInfo: { appId: appid } });
  const stopCollecting = collectUnhandled(realm, unhandled);

  return {
    wx,
    profile,
    load: (file) => modules.load(file) as unknown,
    run(source, args = {}) {
      const own = Object.fromEntries(
        Object.entries(args).map(([name, value]) => [name, toRealm(realm, value) as Any]),
      );
      return modules.run(source, own, app.root ?? nodeModuleFiles.resolve('.')) as unknown;
    },
    script: (source) => void realm.script(source),
    globals: () => Object.getOwnPropertyNames(realm.global).sort(),
    boot: (projectDir) => app.boot(projectDir),
    open: (page, query) => app.open(page, query) as unknown,
    calls: env.natives.calls,
    fault: (fault) => env.natives.faults.add(fault),
    clock,
    market,
    cdn,
    cloud,
    transfers,
    tempFiles: () => files.madeByApp(),
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
