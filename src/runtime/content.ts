import type { CDNContent } from '../protocol';

/** Whether a content is an ArrayBuffer, of whatever realm. */
export function isBytes(content: unknown): content is ArrayBuffer {
  return Object.prototype.toString.call(content) === '[object ArrayBuffer]';
}

/** The file that a content names, or `undefined` for text and bytes. */
export function filePathOf(content: any): string | undefined {
  return content.filePath;
}

/**
 * Refuses what cannot be uploaded, before anything is.
 *
 * @throws Error with the platform's text for a missing filePath (protocol 4), and for every other kind, which
 *   the platform would send as JSON that no service can read
 */
export function checkContent(content: any): void {
  if (
    typeof content === 'string' ||
    isBytes(content) ||
    (content && typeof content.filePath === 'string' && content.filePath)
  )
    return;
  const isPlain = Object.prototype.toString.call(content) === '[object Object]';
  throw new Error(isPlain ? 'filePath must be provided' : 'CDN takes a string, an ArrayBuffer or {filePath}');
}

/** Bytes of a text (in UTF-8) or buffer; 0 for a file, whose size the host tells as it sends. */
export function sizeOf(content: CDNContent): number {
  if (typeof content !== 'string') return (content as ArrayBuffer).byteLength || 0;
  return content.replace(/[\u0080-\u07ff\ud800-\udfff]/g, '12').replace(/[\u0800-\uffff]/g, '123').length;
}
