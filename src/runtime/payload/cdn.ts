import type { CDNConstructor, CDNContent, CDNMarker } from '../../protocol';
import { registry } from '../core/registry';
import { canUseNative, hasNativeMember } from '../install/native-market';
import { brand } from './brand';

/** Called for each marker that the current JSON.stringify visits; returns the string to write instead. */
export type Collector = (marker: CDNMarker) => string;
let collector: Collector | undefined;

/** JSON.stringify that writes `collect(marker)` in place of each marker, by the markers' own toJSON. */
export function stringifyWithMarkers(data: unknown, collect: Collector): string | undefined {
  collector = collect;
  try {
    return JSON.stringify(data);
  } finally {
    collector = undefined;
  }
}

/**
 * Marks a field of the payload that must be a URL (protocol 4). Where the host's own code carries calls it
 * makes the host's markers, so that they work in an untouched `wx.serviceMarket` too.
 *
 * @param content - a string, an ArrayBuffer, or `{type: 'filePath', filePath}`
 * @throws TypeError when called without `new`, as the platform's class does
 */
export const CDN = function (this: CDNMarker, content: CDNContent) {
  if (!(this instanceof CDN)) throw new TypeError("CDN needs 'new'");
  const app = registry();
  if (canUseNative(app, true) && hasNativeMember(app, 'CDN')) return new app.nativeMarket.CDN(content);
  this.symbol = brand;
  this.options = content;
} as unknown as CDNConstructor;

/** Outside a call a marker is written as the platform writes it: `{"options": …}`. */
CDN.prototype.toJSON = function (this: CDNMarker) {
  return collector ? collector(this) : this;
};
