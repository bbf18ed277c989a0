import { posix } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { removeReExport } from '../edits/re-export';
import { findPrologue } from '../edits/prologue';
import type { Build } from './build';

interface RawSourceMap {
  mappings: string;
  sections?: unknown;
}

const COMMENT = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;
const INLINE = /^data:application\/json;(?:charset=[^;,]+;)?base64,/;

/**
 * Keeps a script's source map true to a statement that was put on one of its lines: the map in a file of its
 * own is rewritten, the one in the script's comment is replaced.
 *
 * @returns the script's text, with its inline map moved where it has one
 */
export function moveSourceMap(build: Build, path: string, before: string, after: string): string {
  const offset = findPrologue(before)?.offset ?? 0;
  const lines = before.slice(0, offset).split('\n');
  // A statement behind the code moves nothing.
  const added = removeReExport(after).length - removeReExport(before).length;
  const move = (map: string) => moveColumns(map, lines.length - 1, lines[lines.length - 1].length, added);
  const url = [...before.matchAll(COMMENT)].at(-1)?.[1];
  const inline = url && INLINE.exec(url)?.[0];
  if (inline) {
    const map = Buffer.from(url.slice(inline.length), 'base64').toString();
    return after.replace(url, () => inline + Buffer.from(move(map)).toString('base64'));
  }
  const file = url ? posix.join(posix.dirname(path), decodeURIComponent(url)) : `${path}.map`;
  const map = build.read(file);
  if (map !== undefined) build.write(file, move(map));
  return after;
}

/** Moves what is at or behind a column of a generated line. */
export function moveColumns(json: string, line: number, column: number, by: number): string {
  const map = JSON.parse(json) as RawSourceMap;
  if (typeof map.mappings !== 'string') return json;
  const lines = decode(map.mappings);
  for (const segment of lines[line] ?? []) if (segment[0] >= column) segment[0] += by;
  return JSON.stringify({ ...map, mappings: encode(lines) });
}
