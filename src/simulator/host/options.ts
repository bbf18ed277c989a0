import type { CloudOptions } from '../cloud/types';
import type { MarketSettings, Provider } from '../market/types';
import type { HttpHandler } from '../network/types';
import type { PluginPackage } from '../plugins/types';
import { OTHER_HOSTS } from './other-hosts';
import type { OtherHost } from './other-hosts';

export type PlatformName = 'android' | 'ios' | 'devtools';
export type Permission = 'allowed' | 'denied' | 'absent';

/** Content of a file: a string, bytes, or (real clock only) a file on disk. */
export type FileContent = string | Uint8Array | { path: string };

/** A picture that a user chooses: a file on disk, or its bytes. */
export type Photo = string | Uint8Array;

export interface HostOptions {
  /**
   * Folder of a mini-program, that which the developer tools open or that of app.json: `open` starts it. Where its
   * app.json says `"servicemarket": true` and nothing was injected yet, it runs as if `inject` had been run.
   */
  project?: string;
  /**
   * A super-app besides WeChat, by a global of its own: what a call over a relay meets there. `host.wx` is that global.
   * @default WeChat
   */
  host?: OtherHost;
  /**
   * A version of the base library, or `newest`. It behaves as the newest row of the profile table that is not above it.
   *
   * @default with `project` the `libVersion` of its project.config.json, or `newest`; else '2.8.3'
   */
  sdkVersion?: string;
  /** @default 'android' */
  platform?: PlatformName;
  /**
   * What pages may do with the service market's names of `wx.operateWXData` and with `wx.uploadToCommonCDN`.
   * `denied`: the members are there and fail with `permission denied` (other api names still work);
   * `absent`: the members are missing. The host's own `wx.serviceMarket` is never affected. @default 'allowed'
   */
  bridge?: Permission;
  /** The same for `wx.uploadToCommonCDN` alone; `allowed` adds it to rows that lack it. @default row and bridge */
  upload?: Permission;
  /** `virtual`: time passes only by `host.clock`. @default 'virtual' */
  clock?: 'virtual' | 'real';
  /** Whether the market recognises repeats by their id. @default 'perMessage', the harsher */
  billing?: 'perId' | 'perMessage';
  /** The newest version of the conversation that the market answers with. @default 2 */
  wireVersion?: 0 | 1 | 2;
  /** Hold time and forced preliminary answers of the market. */
  market?: Partial<MarketSettings>;
  /** The mini-program's appid: who pays. @default that of project.config.json, or 'wxhost00000000000' */
  appid?: string;
  /** By `'service/api'`, `'service/*'` or `'*'`. @default an echo of `data` for every service; none with `project` */
  providers?: Record<string, Provider>;
  /** Files that exist at start, by the path a page uses, for example `wxfile://tmp_a.png`. */
  files?: Record<string, FileContent>;
  /**
   * What chooseImage and chooseMedia return, in order: files on disk, or bytes. Each appears as a `wxfile://tmp_*` copy.
   * With `[]` the user cancels.
   *
   * @default one small picture
   */
  photos?: Photo[];
  /** Another tool's `wx.serviceMarket` (invokeService and CDN) is there before anything is loaded; rows below 2.9.4. */
  polyfill?: boolean;
  /** `wx` is frozen. */
  frozen?: boolean;
  /**
   * Members of `wx` that the test brings, in place of the simulator's or beside them. They are called with values of the
   * page's realm; what they return becomes one.
   */
  wx?: Record<string, unknown>;
  /** Names of `wx` members whose getter throws. */
  hostile?: string[];
  /** In-process servers by origin (`https://relay.test`), for request, uploadFile and downloadFile. */
  network?: Record<string, HttpHandler>;
  /** The allowed origins of request, uploadFile and downloadFile; every origin when absent. */
  domains?: string[];
  /** Bytes per second of the simulated network. @default 1000000; no time at all with the real clock */
  bandwidth?: number;
  /** The cloud behind `wx.cloud`: environments, functions, open data. */
  cloud?: CloudOptions;
  /** Built plugins that the app's package holds. */
  plugins?: PluginPackage[];
  /** Returns the code of `wx.login`. @default a fresh one each time */
  login?: () => string | Promise<string>;
  /**
   * ms of host time after which `open`, `tap` and the others are done at the latest, also where page code still has
   * timers. Without it they fail after ten minutes.
   */
  settleMs?: number;
  /** Extra fields of getSystemInfoSync. */
  getSystemInfo?: Record<string, unknown>;
}

const ALLOWED: { [K in keyof HostOptions]?: readonly unknown[] } = {
  host: OTHER_HOSTS,
  platform: ['android', 'ios', 'devtools'],
  bridge: ['allowed', 'denied', 'absent'],
  upload: ['allowed', 'denied', 'absent'],
  clock: ['virtual', 'real'],
  billing: ['perId', 'perMessage'],
  wireVersion: [0, 1, 2],
};

/** @throws Error for a value that an option cannot have, with the values that it can */
export function checkOptions(options: HostOptions): void {
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    const value = options[name as keyof HostOptions];
    if (value === undefined || allowed.includes(value)) continue;
    throw new Error(
      `Failed to create a host: ${name} is ${JSON.stringify(value)}. Use one of ${allowed.join(', ')}.`,
    );
  }
}
