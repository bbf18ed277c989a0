import type { Env } from '../env';
import { isFailure } from '../natives';
import type { Reply } from '../natives';
import { isObject } from '../realm';
import type { Any } from '../types';
import { uploadNative } from './cdn-upload';
import type { CdnUpload } from './cdn-upload';
import { findMarkers } from './walk';
import type { Brand } from './walk';

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
 * Starts every upload at once, and gives the URLs by marker: the URL of the upload that finished last.
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
