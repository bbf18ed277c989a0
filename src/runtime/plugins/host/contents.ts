import type { CDNContent } from '../../../protocol';
import { exec } from './primordials';
import type { Content } from '../types';

/**
 * A path that names a temporary file as hosts write it: `wxfile://tmp_…`, `http://tmp/…`. Anything else is the
 * host's: its user data, its saved files, the files of its package.
 */
const TEMPORARY = /^\w+:\/\/tmp(?![^]*(\.\.|%))/;

/** A copy that the plugin cannot change later, and that has nothing but bytes. */
function copyOf(buffer: ArrayBuffer): ArrayBuffer {
  /* eslint-disable es-x/no-typed-arrays -- older than ES2015 on every host */
  const view = new Uint8Array(buffer);
  const copy = new Uint8Array(view.length);
  /* eslint-enable */
  copy.set(view);
  return copy.buffer as ArrayBuffer;
}

/**
 * What a plugin gave for a marker, as content that the host may upload.
 *
 * @throws a text for a file that is not temporary
 */
export function readContent(content: Content): CDNContent | 0 {
  if (typeof content !== 'string') return content && copyOf(content);
  const text = content.slice(1);
  if (content[0] !== 'f') return text;
  if (text && !exec(TEMPORARY, text)) throw 'no temp file';
  return { type: 'filePath', filePath: text };
}
