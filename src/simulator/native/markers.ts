import { isFailure } from '../client/natives';
import type { Reply } from '../client/natives';
import type { Env } from '../host/env';
import { isObject } from '../realm/realm';
import type { Any } from '../types';
import { uploadNative } from './cdn-upload';
import type { CdnUpload } from './cdn-upload';

/** The two passes of the host's own serviceMarket over `data` (protocol 4). */

/** Brand of the host's own CDN markers: the value of their `symbol` property. */
export type Brand = symbol;

const isMarker = (brand: Brand, value: Any): boolean => Boolean(value) && value.symbol === brand;

/** Pass 1: every marker in order of appearance, the same one as often as it appears. */
function findMarkers(brand: Brand, data: unknown): Any[] {
  const found: Any[] = [];
  JSON.stringify(data, (_key, value: Any) => {
    if (!isMarker(brand, value)) return value as unknown;
    found.push(value);
    return undefined;
  });
  return found;
}

/** Pass 2: the payload with the URL of each marker that pass 1 saw, by identity; undefined URLs drop the key. */
export function textWithUrls(brand: Brand, data: unknown, urls: Map<unknown, unknown>): string | undefined {
  return JSON.stringify(data, (_key, value: Any) =>
    isMarker(brand, value) && urls.has(value) ? urls.get(value) : (value as unknown),
  ) as string | undefined;
}

/** The reply of an upload that failed, thrown as it came. */
export interface UploadFailure {
  reply: Reply;
}

/** Upload request for a marker (protocol 4). @throws Error when a marker names no file */
function uploadOf(env: Env, marker: Any): CdnUpload {
  const options = marker.options as unknown;
  const upload: CdnUpload = { appType: 301, fileType: 20303, fileKey: `file_${Math.random()}` };
  if (!isObject(options)) return options === undefined ? upload : { ...upload, fileData: options };
  if (!options.filePath) throw new env.realm.intrinsics.Error('filePath must be provided');
  return { ...upload, filePath: options.filePath as string };
}

/**
 * Starts every upload at once.
 *
 * @returns the URLs by marker; of a marker that was met more than once, the URL of the upload that finished last
 *
 * @param data - not walked when falsy
 */
export async function uploadMarkers(env: Env, brand: Brand, data: unknown): Promise<Map<unknown, unknown>> {
  const urls = new Map<unknown, unknown>();
  const markers = data ? findMarkers(brand, data) : [];
  await Promise.all(
    markers.map(async (marker: unknown) => {
      const upload = uploadOf(env, marker);
      const reply = await new Promise<Reply>((resolve) => uploadNative(env, upload, resolve));
      if (isFailure(reply)) throw { reply } satisfies UploadFailure;
      urls.set(marker, reply.fileUrl);
    }),
  );
  return urls;
}
