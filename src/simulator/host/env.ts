import type { FileStore } from '../client/files';
import type { Natives } from '../client/natives';
import type { Clock } from '../clock/types';
import type { CloudBackend } from '../cloud/backend';
import type { MarketServer } from '../market/market';
import type { CdnStore } from '../network/cdn';
import type { Network } from '../network/network';
import type { TransferCounter } from '../network/transfers';
import type { Realm } from '../realm/realm';
import type { LogLine, Upload } from '../types';
import type { Machine } from './machine';
import type { HostOptions, Permission, Photo, PlatformName } from './options';
import type { Profile } from './profiles';

/** Everything that the parts of one host share. */
export interface Env {
  machine: Machine;
  options: HostOptions;
  /** What pages may do now; `upload` is that of the base library where it is undefined. */
  permissions: { bridge: Permission; upload?: Permission };
  profile: Profile;
  platform: PlatformName;
  appid: string;
  realm: Realm;
  clock: Clock;
  /** What the user chooses when page code asks for photos. */
  photos: Photo[];
  natives: Natives;
  files: FileStore;
  /** wx.setStorage and the like: JSON by key, of the host and its plugins. */
  storage: Map<string, string>;
  market: MarketServer;
  cdn: CdnStore;
  cloud: CloudBackend;
  network: Network;
  transfers: TransferCounter;
  /** Files that left the phone. */
  uploads: Upload[];
  lifecycle: Lifecycle;
  /** Lines of the console and of the library. */
  logs: LogLine[];
  /** Errors that `report` was called with. */
  errors: unknown[];
  log(level: LogLine['level'], ...values: unknown[]): void;
  /** An error that page code threw out of a callback or timer: kept and logged, never passed on. */
  report(error: unknown): void;
}

/** Listeners of onAppShow and onAppHide. */
interface Lifecycle {
  show: ((options: unknown) => void)[];
  hide: (() => void)[];
}
