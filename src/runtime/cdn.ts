import type { CDNConstructor, CDNContent, CDNMarker } from '../protocol';

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
 * Marks a field of the payload that must be a URL (protocol 4).
 *
 * @param options - a text, bytes, or `{type: 'filePath', filePath}`
 * @throws TypeError when called without `new`, as the platform's class does
 */
export const CDN = function (this: CDNMarker, options: CDNContent) {
  if (!(this instanceof CDN)) throw new TypeError("CDN must be called with 'new'");
  this.symbol = brand;
  this.options = options;
} as unknown as CDNConstructor;

/** Outside a call a marker is written as the platform writes it: `{"options": …}`. */
CDN.prototype.toJSON = function (this: CDNMarker) {
  return collector ? collector(this) : this;
};

/** Whether a value is a marker of any copy of this package. */
export function isMarker(value: any): value is CDNMarker {
  return !!value && typeof value.symbol === 'function' && value.symbol.isCDN === true;
}
