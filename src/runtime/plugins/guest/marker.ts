import type { CDNConstructor, CDNContent, CDNMarker } from '../../../protocol';
import { has } from '../../core/host';
import { native } from './environment';

/** The brand of this package's markers: a function, so that JSON can neither carry nor forge it (cdn.ts). */
function brand(): void {}
brand.isCDN = true;

/** The plugin's own where it has one, so that its markers serve in both ways. */
export const CDN: CDNConstructor = has(native, 'CDN')
  ? native.CDN
  : function (this: CDNMarker, content: CDNContent) {
      if (!(this instanceof CDN)) throw new TypeError("CDN needs 'new'");
      this.symbol = brand;
      this.options = content;
    };

const nativeBrand = new CDN('').symbol;

/** Whether a value is a marker: the plugin's own, or of any copy of this package. */
export function isMarker(value: any): value is CDNMarker {
  const symbol = value && value.symbol;
  return !!symbol && (symbol === nativeBrand || (typeof symbol === 'function' && symbol.isCDN === true));
}
