import { posix } from 'node:path';
import { codeTokensFrom, stringOf } from '../edits/tokens';
import type { CodeToken } from '../edits/tokens';
import { InjectError, locationAt } from '../errors';
import type { FileChange } from './file-change';

const NAME = 'servicemarket-(?:compat|plugins)';
const SPECIFIER = new RegExp(`^(\\.{1,2}/.*${NAME})(?:\\.js)?$`);
const IN_MANIFEST = new RegExp(`"entry"\\s*:\\s*"[./]*${NAME}(?:\\.js)?"`);

/**
 * Refuses a removal after which a file would name an injected file that is gone: an app that loads a missing file
 * does not start.
 *
 * @throws InjectError with the location of the first such name
 */
export function refuseReferences(changes: FileChange[]): void {
  const gone = new Set(changes.flatMap(({ path, after }) => (after === undefined ? [path] : [])));
  if (!gone.size) return;
  for (const { path, after = '' } of changes) {
    const index = path.endsWith('.json') ? after.search(IN_MANIFEST) : findLoad(path, after, gone);
    if (index < 0) continue;
    throw new InjectError('referenceLeft', {}, locationAt(path, after, index));
  }
}

/** @returns the offset of the first import or require of one of the files, or -1 */
function findLoad(path: string, text: string, gone: ReadonlySet<string>): number {
  let [first, second]: (CodeToken | undefined)[] = [];
  for (const token of codeTokensFrom(text)) {
    const [, specifier] = SPECIFIER.exec(stringOf(token) ?? '') ?? [];
    const keyword = second?.value === '(' ? first : second;
    const isLoaded = keyword && /^(?:from|import|require)$/.test(keyword.value);
    if (isLoaded && specifier && gone.has(`${posix.join(posix.dirname(path), specifier)}.js`))
      return keyword.start;
    [first, second] = [second, token];
  }
  return -1;
}
