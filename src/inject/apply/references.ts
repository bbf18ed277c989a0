import { posix } from 'node:path';
import { InjectError, placeAt } from '../errors';
import type { FileChange } from './plan';

const NAME = 'servicemarket-(?:compat|plugins)';
const LOADED = `(?:\\b(?:from|import)|\\b(?:require|import)\\s*\\()\\s*(["'])(\\.{1,2}/[^"'\\n]*${NAME})(?:\\.js)?\\1`;
const OTHER = `//.*|/\\*[\\s\\S]*?\\*/|'(?:\\\\[\\s\\S]|[^'\\\\\\n])*'|"(?:\\\\[\\s\\S]|[^"\\\\\\n])*"`;
/** What a script loads; comments and other strings are passed over. */
const IN_SCRIPT = new RegExp(`${LOADED}|${OTHER}`, 'g');
const IN_MANIFEST = new RegExp(`"entry"\\s*:\\s*"[./]*${NAME}(?:\\.js)?"`, 'g');

/**
 * Sees to it that no file that stays names an injected file that goes: an app that loads what is not there does
 * not start.
 *
 * @throws InjectError with the place of the first such name
 */
export function refuseReferences(changes: FileChange[]): void {
  const gone = new Set(changes.flatMap(({ path, after }) => (after === undefined ? [path] : [])));
  if (!gone.size) return;
  for (const { path, after = '' } of changes) {
    const index = path.endsWith('.json') ? after.search(IN_MANIFEST) : findLoaded(path, after, gone);
    if (index < 0) continue;
    const fix = 'Take that out by hand, then run inject --remove again';
    const cause = 'this names an injected file in a way that inject does not write';
    throw new InjectError('take the shim out', cause, fix, placeAt(path, after, index));
  }
}

/** @returns the index of the first statement that loads one of the files, or -1 */
function findLoaded(path: string, text: string, gone: ReadonlySet<string>): number {
  for (const { index, 2: specifier } of text.matchAll(IN_SCRIPT)) {
    if (specifier && gone.has(`${posix.join(posix.dirname(path), specifier)}.js`)) return index;
  }
  return -1;
}
