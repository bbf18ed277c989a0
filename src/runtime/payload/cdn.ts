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

// Where the host's own code carries calls it makes the host's markers (protocol 4), so that they work in an untouched
// `wx.serviceMarket` too.
/**
 * 标记 `data` 中的一个字段：内容会被上传，服务得到它的 URL
 *
 * Marks a field of `data`: the content is uploaded, and the service receives its URL
 *
 * @param content - 字符串、ArrayBuffer 或 `{type: 'filePath', filePath}` · a string, an ArrayBuffer, or a local file
 * @throws 不用 `new` 调用时，与平台的类一样抛出 TypeError · TypeError when called without `new`, as the platform's class does
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
