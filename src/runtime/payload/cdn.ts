import type { CDNConstructor, CDNContent, CDNMarker } from '../../protocol';
import { isNative } from '../install/decide';
import { carries } from '../install/native-market';
import { registry } from '../core/registry';

/**
 * The brand is a function: JSON.stringify drops it, JSON.parse cannot make it (text from outside must never
 * have a phone upload a file), Object.assign keeps it, and another copy or realm can read it.
 */
function brand(): void {}
brand.isCDN = true;

/** Takes each marker that the JSON.stringify now running meets, and gives the text for its place. */
export type Collector = (marker: CDNMarker) => string;
let collector: Collector | undefined;

/** JSON.stringify with `collect(marker)` in the place of each marker. */
export function stringify(data: unknown, collect: Collector): string | undefined {
  collector = collect;
  try {
    return JSON.stringify(data);
  } finally {
    collector = undefined;
  }
}

/**
 * Marks a field of the payload that must be a URL (protocol 4). Where the host's own code carries calls it
 * makes the host's markers, so that they serve in an untouched `wx.serviceMarket` too.
 *
 * @param content - a text, an ArrayBuffer, or `{type: 'filePath', filePath}`
 * @throws TypeError when called without `new`, as the platform's class does
 */
export const CDN = function (this: CDNMarker, content: CDNContent) {
  if (!(this instanceof CDN)) throw new TypeError("CDN needs 'new'");
  if (isNative(true) && carries('CDN')) return new (registry().market.CDN)(content);
  this.symbol = brand;
  this.options = content;
} as unknown as CDNConstructor;

/** Outside a call a marker is written as the platform writes it: `{"options": …}`. */
CDN.prototype.toJSON = function (this: CDNMarker) {
  return collector ? collector(this) : this;
};

/** Whether a value is a marker of any copy of this package, or of the host by its brand. */
export function isMarker(value: any, nativeBrand: unknown): value is CDNMarker {
  const symbol = value && value.symbol;
  return !!symbol && (symbol === nativeBrand || (typeof symbol === 'function' && symbol.isCDN === true));
}
