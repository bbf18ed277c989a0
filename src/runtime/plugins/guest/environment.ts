import { has, type Host, read } from '../../core/host';
import type { Send } from '../types';

declare const wx: Host | undefined;

/** What the copies of this file in one plugin share, under one key of the plugin's own `wx`. The names are a format. */
export interface Shared {
  /** The host that connected. */
  send?: Send;
  /** Calls that wait for it, in order. */
  waiting: Array<() => void>;
}

const KEY = '__serviceMarketPlugin__';

/** The plugin's own `wx`. */
export const own: Host = typeof wx === 'undefined' ? {} : wx;

/** The plugin's own `wx.serviceMarket`: there from base library 2.11.1 on, without getAsyncResult at first. */
export const native: any = read(own, 'serviceMarket');
export const isComplete = has(native, 'invokeService') && has(native, 'getAsyncResult') && has(native, 'CDN');

export const shared: Shared = read(own, KEY) || { waiting: [] };
try {
  Object.defineProperty(own, KEY, { value: shared });
} catch {
  // It is there already, or `wx` is frozen: then this copy works alone.
}
