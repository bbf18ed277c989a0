/**
 * Content types that a file may be served with; none of them runs in a browser. A type's place is written
 * into file ids, so new ones go to the end.
 */
export const FILE_TYPES = [
  'application/octet-stream',
  'text/plain; charset=utf-8',
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/bmp',
  'image/heic',
  'application/pdf',
  'application/json',
  'audio/mpeg',
  'audio/mp4',
  'audio/wav',
  'audio/amr',
  'video/mp4',
] as const;

export type FileType = (typeof FILE_TYPES)[number];

const ALIASES = new Map<string, FileType>([
  ['image/jpg', 'image/jpeg'],
  ['text/plain', 'text/plain; charset=utf-8'],
]);

/** The safe type for what a client claims; anything else becomes application/octet-stream. */
export function safeType(claimed: string | undefined): FileType {
  const essence = (claimed ?? '').split(';', 1)[0].trim().toLowerCase();
  return ALIASES.get(essence) ?? FILE_TYPES.find((type) => type === essence) ?? 'application/octet-stream';
}
