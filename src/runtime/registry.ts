import { compareVersions, LIMITS } from '../protocol';
import type { Configuration, Installation, Limits } from '../protocol';
import type { Api } from './api';
import type { Channel } from './channels/channel';
import { findHost, type Host, read, readOwn } from './host';
import { run } from './settle';

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

const KEY = 'miniprogram-servicemarket';

let mine: Pick<Registry, 'api' | 'channels'>;
let shared: Registry | undefined;

/** Says what this copy of the package can do. Touches no host: the copy joins the registry at its first use. */
export function offer(api: Api, channels: Registry['channels']): void {
  mine = { api, channels };
}

/**
 * Adds this copy to the app's registry, or makes it: the newest version does the work, and each channel comes
 * from the newest copy that has it.
 */
function join(): Registry {
  const host = findHost();
  const app: Registry = readOwn(host, KEY) || {
    version: '',
    host,
    market: read(host, 'serviceMarket'),
    configuration: {},
    limits: LIMITS,
    refusals: {},
    transfers: [],
  };
  try {
    Object.defineProperty(host, KEY, { value: app });
  } catch {
    // Frozen, or no host at all: this copy works alone.
  }
  const { api, channels } = mine;
  const isNewer = compareVersions(__VERSION__, app.version) > 0;
  if (isNewer) Object.assign(app, { version: __VERSION__, api });
  app.channels = Object.assign({}, channels, app.channels, isNewer ? channels : undefined);
  return app;
}

/** Has this copy set up by whoever asks for the registry first; at once where the host cannot be marked so. */
export function joinLater(host: Host, setUp: () => void): void {
  try {
    Object.defineProperty(host, KEY, {
      configurable: true,
      get() {
        // The set-up asks for the registry itself.
        delete host[KEY];
        setUp();
        return registry();
      },
    });
  } catch {
    // Frozen, or another copy was there before.
    run(setUp);
  }
}

/** The app's registry, with this copy in it. */
export function registry(): Registry {
  return (shared = shared || join());
}
