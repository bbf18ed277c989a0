/** What a plugin has of its own: its `wx`, its market, and what the copies of this file in it share. */
import type { CDNConstructor, CDNContent, CDNMarker } from '../../../protocol';
import { has, type Host, read } from '../../core/host';
import { brand } from '../../payload/brand';
import type { Send } from '../types';

declare const wx: Host | undefined;

/** What the copies of this file in one plugin share, under one key of the plugin's `wx`. The names are a format. */
export interface PluginState {
  /** The function of the host that has connected. */
  send?: Send;
  /** Calls that wait for it, in order. */
  waiting: Array<() => void>;
}

const KEY = '__serviceMarketPlugin__';

/** The plugin's own `wx`. */
export const pluginWx: Host = typeof wx === 'undefined' ? {} : wx;

/** The plugin's own `wx.serviceMarket`: there from base library 2.11.1 on, without getAsyncResult at first. */
export const nativeMarket: any = read(pluginWx, 'serviceMarket');
export const isNativeComplete =
  has(nativeMarket, 'invokeService') && has(nativeMarket, 'getAsyncResult') && has(nativeMarket, 'CDN');

export const pluginState: PluginState = read(pluginWx, KEY) || { waiting: [] };
try {
  Object.defineProperty(pluginWx, KEY, { value: pluginState });
} catch {
  // It is there already, or `wx` is frozen: then this copy works alone.
}

/** The constructor of markers: the plugin's own where it has one, so that its markers work both ways. */
export const CDN: CDNConstructor = has(nativeMarket, 'CDN')
  ? nativeMarket.CDN
  : function (this: CDNMarker, content: CDNContent) {
      if (!(this instanceof CDN)) throw new TypeError("CDN needs 'new'");
      this.symbol = brand;
      this.options = content;
    };

/** The brand of the markers that CDN makes. */
export const ownBrand = new CDN('').symbol;
