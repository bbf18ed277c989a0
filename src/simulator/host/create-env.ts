import { SMALL_PICTURE } from '../apis/media';
import { FileStore } from '../client/files';
import { Natives } from '../client/natives';
import { createRealClock } from '../clock/real-clock';
import type { Clock } from '../clock/types';
import { createVirtualClock } from '../clock/virtual-clock';
import { CLOUD_ORIGIN, CloudBackend } from '../cloud/backend';
import { MarketServer } from '../market/market';
import { CdnStore } from '../network/cdn';
import { Network } from '../network/network';
import { TransferCounter } from '../network/transfers';
import type { Realm } from '../realm/realm';
import { printed } from './console';
import type { Env } from './env';
import type { Machine } from './machine';
import type { HostOptions, PlatformName } from './options';
import { profileOf } from './profiles';
import { readSettings } from './project';
import type { Profile } from './profiles';

/** ms that one native call takes: as on a device in virtual time, next to nothing in real time. */
const VIRTUAL_LATENCY_MS = 40;
const REAL_LATENCY_MS = 2;

const DEFAULT_BANDWIDTH = 1000000;
const DEFAULT_APPID = 'wxhost00000000000';

/** Everything behind `wx`, made from the options. @throws Error for an unknown base library */
export function createEnv(machine: Machine, options: HostOptions): Env {
  const { project, platform = 'android' } = options;
  const settings = project === undefined ? undefined : readSettings(machine.files, project);
  const profile = profileOf(options.sdkVersion ?? (settings ? (settings.libVersion ?? 'newest') : '2.8.3'));
  const appid = options.appid ?? settings?.appid ?? DEFAULT_APPID;
  const clock = options.clock === 'real' ? createRealClock() : createVirtualClock();
  const bandwidth = options.bandwidth ?? (clock.virtual ? DEFAULT_BANDWIDTH : Infinity);
  const cdn = new CdnStore(() => clock.now());
  const cloud = new CloudBackend(clock, appid, options.cloud);
  const servers = { ...options.network, [CLOUD_ORIGIN]: cloud.serve };
  const network = new Network(clock, cdn, servers, bandwidth, clock.virtual ? undefined : machine.http);
  const env: Env = {
    machine,
    options,
    permissions: { bridge: options.bridge ?? 'allowed', upload: options.upload },
    profile,
    platform,
    appid,
    realm: realmOf(machine, profile, platform),
    clock,
    photos: options.photos ?? [SMALL_PICTURE],
    natives: new Natives(
      clock,
      clock.virtual ? VIRTUAL_LATENCY_MS : REAL_LATENCY_MS,
      () => network.isOffline,
      machine.watch && ((phase, call) => machine.watch?.({ type: 'native', phase, call })),
    ),
    files: filesOf(machine, options, profile),
    storage: new Map(),
    market: marketOf(options, clock, network),
    cdn,
    cloud,
    network,
    transfers: new TransferCounter(),
    uploads: [],
    lifecycle: { show: [], hide: [] },
    logs: [],
    errors: [],
    log(level, ...values) {
      const line = { level, text: values.map(printed).join(' ') };
      env.logs.push(line);
      machine.watch?.({ type: 'log', line });
    },
    report(error) {
      env.errors.push(error);
      machine.watch?.({ type: 'error', error });
      env.log('error', error);
    },
  };
  return env;
}

function realmOf(machine: Machine, profile: Profile, platform: PlatformName): Realm {
  const oldEngine = profile.generation === 'old';
  return machine.createRealm({
    oldEngine,
    withoutProxy: platform === 'ios' && profile.serviceMarket === 'none',
    promiseFinally: platform !== 'ios' || !oldEngine,
  });
}

function filesOf(machine: Machine, options: HostOptions, profile: Profile): FileStore {
  const files = new FileStore(machine.readBytes, profile.fileQuota);
  for (const [path, content] of Object.entries(options.files ?? {})) files.give(path, content);
  return files;
}

function marketOf(options: HostOptions, clock: Clock, network: Network): MarketServer {
  const market = new MarketServer(clock, (url) => network.fetchBytes(url), {
    ...(options.billing ? { billing: options.billing } : {}),
    ...(options.wireVersion === undefined ? {} : { wireVersion: options.wireVersion }),
    ...options.market,
  });
  // A test says what each of its services answers; a bare host has an echo.
  if (options.project !== undefined) market.forget('*');
  for (const [key, provider] of Object.entries(options.providers ?? {})) market.provide(key, provider);
  return market;
}
