import type { CDNContent } from '../protocol';

/** The class of a value, whatever realm it comes from: `Object`, `ArrayBuffer`, … */
function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

export function isBytes(content: unknown): content is ArrayBuffer {
  return classOf(content) === 'ArrayBuffer';
}

/** The file that a content names, or `undefined` for text and bytes. */
export function filePathOf(content: CDNContent): string | undefined {
  return (content as { filePath: string }).filePath;
}

/**
 * Refuses what cannot be uploaded, before anything is.
 *
 * @throws Error with the platform's text for a missing filePath (protocol 4), and for every other kind, which
 *   the platform would send as JSON that no service can read
 */
export function checkContent(content: any): void {
  if (typeof content === 'string' || isBytes(content)) return;
  const kind = classOf(content);
  if (kind !== 'Object') throw new Error('CDN takes a string, an ArrayBuffer or {filePath}, not ' + kind);
  if (!content.filePath || typeof content.filePath !== 'string') throw new Error('filePath must be provided');
}

/** Bytes of a text (in UTF-8) or buffer; 0 for a file, whose size the host tells as it sends. */
export function sizeOf(content: CDNContent): number {
  if (typeof content !== 'string') return (content as ArrayBuffer).byteLength || 0;
  // A half of a surrogate pair counts 2: the pair is 4 bytes.
  return content.replace(/[^\0-\x7f]/g, (unit) => (/[\u0080-\u07ff\ud800-\udfff]/.test(unit) ? '12' : '123'))
    .length;
}
