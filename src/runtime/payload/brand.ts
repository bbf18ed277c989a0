import type { CDNMarker } from '../../protocol';

/**
 * The brand of this package's markers. It is a function: JSON.stringify drops it, JSON.parse cannot make it (text from
 * outside must never make a phone upload a file), Object.assign keeps it, and another copy or realm can read it.
 */
export function brand(): void {}
brand.isCDN = true;

/** Whether a value is a marker of any copy of this package, or of the host by its brand. */
export function isMarker(value: any, nativeBrand: unknown): value is CDNMarker {
  const symbol = value && value.symbol;
  return !!symbol && (symbol === nativeBrand || (typeof symbol === 'function' && symbol.isCDN === true));
}
