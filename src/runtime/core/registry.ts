import { compareVersions, LIMITS } from '../../protocol';
import type { Configuration, Installation, Limits } from '../../protocol';
import type { Api } from '../api';
import type { Channel } from './channel';
import { findHost, type Host, read, readOwn } from './host';

/**
 * What all copies of this package in one app share: the injected bundle, an npm copy in a page, older and
 * newer versions. The names are a format: a later version may add to them and never changes one.
 */
export interface Registry {
  /** Version of the copy that does the work; copies of older versions hand their calls to it. */
  version: string;
  api: Api;
  host: Host | undefined;
  /** What the host had as `serviceMarket` before this package came: its own, or another tool's polyfill. */
  market: any;
  installation?: Installation;
  /** The injected file is there: what it installs follows the configuration. */
  isInjected?: boolean;
  channels: { [name: string]: Channel };
  configuration: Configuration;
  limits: Limits;
  /** Refusals of the host by channel and capability, so that none is asked twice. */
  refusals: { [what: string]: string };
  /** Transfers in flight, and after them those that wait for their turn (transfers.ts). */
  transfers: Array<() => void>;
  /** The session with the relay (channels/session.ts). */
  session?: any;
}

/** Under it the registry is found at the host, and what was replaced at what was installed. */
export const KEY = 'miniprogram-servicemarket';

/** What this copy brings along. */
interface Offer extends Pick<Registry, 'api' | 'channels'> {
  /** Of the injected file, which is there to install. */
  configuration?: Configuration;
}

let mine: Offer;
let shared: Registry | undefined;
let isFirst = false;

/** Says what this copy of the package can do. Touches no host: the copy joins the registry at its first use. */
export function offer(brought: Offer): void {
  mine = brought;
}

/**
 * Has other copies find this one at the host. It need not have joined: the first who asks for the registry makes it.
 *
 * @returns whether they will: not where another copy was there before, nor on a frozen host
 */
export function announce(host: Host | undefined): boolean {
  try {
    Object.defineProperty(host, KEY, { get: registry });
    isFirst = true;
  } catch {
    // It stays as it is.
  }
  return isFirst;
}

/** Changes the app's configuration; keys that are not given stay. */
export function change(app: Registry, changes: Configuration): void {
  const limits = Object.assign({}, app.configuration.limits, changes.limits);
  app.limits = Object.assign({}, app.limits, limits);
  app.configuration = Object.assign({}, app.configuration, changes, { limits });
}

/**
 * Adds this copy to the app's registry, or makes it: the newest version does the work, and each channel comes
 * from the newest copy that has it.
 */
function join(): Registry {
  const host = findHost();
  announce(host);
  const app: Registry = (!isFirst && readOwn(host, KEY)) || {
    version: '',
    host,
    market: read(host, 'serviceMarket'),
    configuration: {},
    limits: LIMITS,
    refusals: {},
    transfers: [],
  };
  const { api, channels, configuration } = mine;
  const isNewer = compareVersions(__VERSION__, app.version) > 0;
  if (isNewer) Object.assign(app, { version: __VERSION__, api });
  app.channels = Object.assign({}, channels, app.channels, isNewer ? channels : undefined);
  if (configuration) {
    app.isInjected = true;
    // What a page has set already stays: the file of a subpackage comes late.
    const own = app.configuration;
    change(app, configuration);
    change(app, own);
  }
  return app;
}

/** The app's registry, with this copy in it. */
export function registry(): Registry {
  return (shared = shared || join());
}
