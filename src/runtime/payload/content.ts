import type { CDNContent } from '../../protocol';
import { readOwn } from '../core/host';

/** The path of a content that is a file; `undefined` for any other. */
export function filePathOf(content: CDNContent): string | undefined {
  return readOwn(content, 'filePath');
}

/** Whether a content is an ArrayBuffer, of whatever realm. */
export function isBytes(content: unknown): content is ArrayBuffer {
  return Object.prototype.toString.call(content) === '[object ArrayBuffer]';
}

/**
 * For each content, the index of the first equal one. Two different ArrayBuffers never count as equal: the page may
 * still write to one before it is uploaded.
 */
export function firstIndexOfEach(contents: CDNContent[]): number[] {
  // Most calls have one content: no copy of a long string for it.
  if (contents.length < 2) return [0];
  const firstIndexes = Object.create(null);
  return contents.map((content, index) => {
    if (isBytes(content)) return contents.indexOf(content);
    const filePath = filePathOf(content);
    const key = filePath ? 'f' + filePath : 't' + content;
    if (!(key in firstIndexes)) firstIndexes[key] = index;
    return firstIndexes[key];
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

/** Bytes of a string (in UTF-8, as hosts send it: half a surrogate pair as U+FFFD) or buffer; 0 for a file, whose size the host reports as it sends. */
export function sizeOf(content: CDNContent): number {
  if (typeof content !== 'string') return (content as ArrayBuffer).byteLength || 0;
  return content
    .replace(/[\ud800-\udbff][\udc00-\udfff]/g, '1234')
    .replace(/[\u0080-\u07ff]/g, '12')
    .replace(/[\u0800-\uffff]/g, '123').length;
}
