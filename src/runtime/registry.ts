import { LIMITS } from '../protocol';
import type { Configuration, Installation, Limits } from '../protocol';
import type { Api } from './api';
import type { Channel } from './channels/channel';
import type { Native } from './detect';
import { findHost, type Host, read } from './host';

/**
 * What all copies of this package in one app share: the injected bundle, an npm copy in a page, older and
 * newer versions. The names are a format: a later version may add to them and never changes one.
 */
export interface Registry {
  /** Version of the copy that does the work; copies of older versions hand their calls to it. */
  version: string;
  api?: Api;
  host: Host | undefined;
  /** The market that the host had before this package came. */
  native?: Native;
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

const KEY = '__serviceMarketShim__';

/** The registry where `wx` cannot hold it: frozen, or absent. */
let own: Registry | undefined;

/** The app's registry; the first copy makes it. */
export function registry(): Registry {
  if (own) return own;
  const host = findHost();
  own = read(host, KEY);
  if (own) return own;
  own = {
    version: '',
    host,
    channels: {},
    configuration: {},
    limits: LIMITS,
    refusals: {},
    transfers: [],
  };
  try {
    Object.defineProperty(host, KEY, { value: own });
  } catch {
    // Frozen, or no host at all: this copy works alone.
  }
  return own;
}
