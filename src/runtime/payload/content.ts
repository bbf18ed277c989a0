import type { CDNContent } from '../../protocol';
import { readOwn } from '../core/host';

/** The path of a content that is a file, and of no other. */
export function filePathOf(content: CDNContent): string | undefined {
  return readOwn(content, 'filePath');
}

/** Whether a content is an ArrayBuffer, of whatever realm. */
export function isBytes(content: unknown): content is ArrayBuffer {
  return Object.prototype.toString.call(content) === '[object ArrayBuffer]';
}

/**
 * For each of `contents` the first place of what is sure to be the same: two buffers may be filled differently before
 * they are sent.
 */
export function placesOf(contents: CDNContent[]): number[] {
  // The way of most calls, without a copy of a long text.
  if (contents.length < 2) return [0];
  const places = Object.create(null);
  return contents.map((content, place) => {
    if (isBytes(content)) return contents.indexOf(content);
    const filePath = filePathOf(content);
    const key = filePath ? 'f' + filePath : 't' + content;
    return (places[key] = places[key] || [place])[0];
  });
}

/**
 * Takes the snapshot of a content, and refuses what cannot be uploaded, before anything is.
 *
 * @throws Error with the platform's text for a missing filePath (protocol 4), and for every other kind, which
 *   the platform would send as JSON that no service can read
 */
export function readContent(content: any): CDNContent {
  if (typeof content === 'string' || isBytes(content)) return content;
  if (Object.prototype.toString.call(content) === '[object Object]') {
    const { filePath } = content;
    if (filePath && typeof filePath === 'string') return { type: 'filePath', filePath };
    throw new Error('filePath must be provided');
  }
  throw new Error('CDN takes a string, an ArrayBuffer or {filePath}');
}

/** Bytes of a text (in UTF-8) or buffer; 0 for a file, whose size the host tells as it sends. */
export function sizeOf(content: CDNContent): number {
  if (typeof content !== 'string') return (content as ArrayBuffer).byteLength || 0;
  return content.replace(/[\u0080-\u07ff\ud800-\udfff]/g, '12').replace(/[\u0800-\uffff]/g, '123').length;
}
