import type { Picture } from './store';

/** Bytes; the server and the OCR engine take no more. */
const MAX_BYTES = 10 * 1024 * 1024;

/** What the page can be told to do about a picture. */
export type PictureFault = 'notAPicture' | 'tooLarge';

/**
 * @returns the picture, or why it cannot be used
 * @param origin - where it came from
 */
export async function pictureOf(
  file: Blob & { name?: string },
  origin: Picture['origin'],
): Promise<Picture | PictureFault> {
  if (file.size > MAX_BYTES) return 'tooLarge';
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!isPicture(bytes)) return 'notAPicture';
  return { name: file.name ?? '', bytes, url: URL.createObjectURL(file), origin };
}

/** The picture that is shipped with the page. */
export async function samplePicture(): Promise<Picture> {
  const response = await fetch('sample.png');
  return (await pictureOf(await response.blob(), 'sample')) as Picture;
}

/** By the first bytes of PNG, JPEG, WebP and BMP: what the OCR service reads. */
function isPicture(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.slice(0, 12));
  return /^(\x89PNG|\xff\xd8\xff|RIFF[^]{4}WEBP|BM)/.test(head);
}
