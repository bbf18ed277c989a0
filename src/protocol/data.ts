/** What `data` and an answer may hold. */

/** 任意 JSON 值 · Any JSON value, as the platform types it: its shape is the service's affair */
export type JsonValue = any;

/** 字符串、ArrayBuffer 或本地文件 · A string, bytes, or a local file */
export type CDNContent = string | ArrayBuffer | { type?: 'filePath'; filePath: string };

/** `data` 中要上传的字段；服务得到的是它的 URL · Marks a field of `data` to be uploaded; the service receives its URL */
export interface CDNMarker {
  symbol: unknown;
  options: CDNContent;
}

/**
 * [new wx.serviceMarket.CDN(content)](https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/service-market/api.html)
 *
 * 标记 `data` 中的一个字段：内容会被上传，服务得到它的 URL
 *
 * Marks a field of `data`: the content is uploaded, and the service receives its URL
 *
 * 最低基础库：`2.9.4`；使用本包时为 `1.6.0`（低于 `2.9.4` 需要中转服务器或云函数）
 *
 * Least base library: `2.9.4`; with this package `1.6.0` (over a relay or cloud function below `2.9.4`)
 */
export interface CDNConstructor {
  /** @param content - 字符串、ArrayBuffer 或 `{type: 'filePath', filePath}` · a string, an ArrayBuffer, or a local file */
  new (content: CDNContent): CDNMarker;
}

/** 需要 URL 的字段：URL，或 `new CDN(…)` 标记的内容 · Where a URL is wanted: one, or a content marked by `new CDN(…)` */
export type UrlField = string | CDNMarker;
