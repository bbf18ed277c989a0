import { posix } from 'node:path';
import { InjectError } from '../errors';
import { findPrologue } from './prologue';
import { CONNECTOR_FILE_NAME, RUNTIME_FILE_NAME } from './runtime-file';
import { codeTokensFrom, isModule, startsStatement, stringOf } from './tokens';
import type { CodeToken } from './tokens';

const NAMES = [RUNTIME_FILE_NAME, CONNECTOR_FILE_NAME].join('|').replaceAll('.', '\\.');
/** An injected file stands beside the script that loads it, or in a folder above. */
const SPECIFIER = new RegExp(`^(?:\\./|(?:\\.\\./)+)(?:${NAMES})$`);
const SPACE = /^[ \t]*/;
const LINE_END = /^[ \t]*(?:\r\n|[\n\r])/;
const CREATED = ' // created by miniprogram-servicemarket\n';

/**
 * @param script - the script that gets the statement, relative to the project
 * @param injected - the injected file, likewise
 * @returns the literal relative path of the injected file as the script has to write it
 */
export function specifierOf(script: string, injected: string): string {
  const path = posix.relative(posix.dirname(script), injected);
  return path.startsWith('../') ? path : `./${path}`;
}

/** A load statement in a script, with the white space that goes with it. */
interface LoadStatement {
  start: number;
  end: number;
  specifier: string;
  isImport: boolean;
}

/**
 * Puts the load statement on the first line, or brings the one that is there up to date. A statement that a
 * formatter rewrote is left as it is.
 *
 * In an ES module it is an import: the tools hoist imports above any require.
 *
 * @param source - text of the script
 * @param specifier - literal relative path of the injected file
 * @param file - the script's name, for the error
 * @param isForeign - whether a specifier of a load statement names a file of the owner
 * @throws InjectError when the script is an unfinished hashbang line
 */
export function addLoadStatement(
  source: string,
  specifier: string,
  file: string,
  isForeign?: (specifier: string) => boolean,
): string {
  const original = removeLoadStatement(source, isForeign);
  const isImport = isModule(original);
  const present = findLoadStatement(source);
  if (present?.specifier === specifier && present.isImport === isImport) return source;
  const prologue = findPrologue(original);
  if (!prologue) throw new InjectError('endlessHashbang', {}, { file, line: 1 });
  const { offset, isAfterDirective } = prologue;
  const statement = isImport
    ? `${isAfterDirective ? ';' : ''}import "${specifier}";`
    : `;require("${specifier}");`;
  return original.slice(0, offset) + statement + original.slice(offset);
}

/**
 * Takes the load statement out again. Returns the script that {@link addLoadStatement} was called with; of a script
 * that was formatted since, what the formatter would have made of it.
 */
export function removeLoadStatement(
  source: string,
  isForeign: (specifier: string) => boolean = () => false,
): string {
  const found = findLoadStatement(source);
  if (!found || isForeign(found.specifier)) return source;
  return removeLoadStatement(source.slice(0, found.start) + source.slice(found.end), isForeign);
}

function findLoadStatement(source: string): LoadStatement | undefined {
  const prologue = findPrologue(source) ?? { offset: 0, isAfterDirective: false };
  const load = readLoad(codeTokensFrom(source, prologue.offset));
  if (!load) return undefined;
  const { specifier, isImport } = load;
  // As inject wrote it: only the statement goes.
  const written = isImport
    ? [`import "${specifier}";`, `;import "${specifier}";`]
    : [`;require("${specifier}");`];
  const text = written.find((statement) => source.startsWith(statement, prologue.offset));
  if (text !== undefined)
    return { start: prologue.offset, end: prologue.offset + text.length, specifier, isImport };
  // As a formatter or a minifier wrote it, with other quotes, spaces and semicolons: its line goes too. A directive's
  // semicolon stays.
  const end = endOfFormatted(source, load.last.end, load.after);
  if (end === undefined) return undefined;
  const { start } = load.semicolon && !prologue.isAfterDirective ? load.semicolon : load.keyword;
  const isFirstOnLine = /(?:^\uFEFF?|[\n\r])$/.test(source.slice(0, start));
  const rest = source.slice(end);
  const space = (isFirstOnLine && LINE_END.exec(rest)) || SPACE.exec(rest);
  return { start, end: end + (space?.[0].length ?? 0), specifier, isImport };
}

/** The tokens of an expression that loads an injected file. */
interface Load {
  semicolon: CodeToken | undefined;
  keyword: CodeToken;
  specifier: string;
  isImport: boolean;
  last: CodeToken;
  after: CodeToken | undefined;
}

/** Reads an optional semicolon, then `import "…"` or `require("…")`. */
function readLoad(tokens: Generator<CodeToken>): Load | undefined {
  const next = (): CodeToken | undefined => tokens.next().value as CodeToken | undefined;
  const first = next();
  const semicolon = first?.value === ';' ? first : undefined;
  const keyword = semicolon ? next() : first;
  const isImport = keyword?.value === 'import';
  if (!isImport && !(keyword?.value === 'require' && next()?.value === '(')) return undefined;
  const literal = next();
  const specifier = stringOf(literal);
  if (specifier === undefined || !SPECIFIER.test(specifier)) return undefined;
  const last = isImport ? literal : next();
  if (!last || (!isImport && last.value !== ')')) return undefined;
  return { semicolon, keyword, specifier, isImport, last, after: next() };
}

/**
 * @returns the offset behind a statement and its semicolon, or behind the comma by which a minifier joined it with
 *   the next; undefined where the expression goes on in another way
 */
function endOfFormatted(source: string, end: number, after: CodeToken | undefined): number | undefined {
  if (after?.value === ';' && /^[ \t]*$/.test(source.slice(end, after.start))) return after.end;
  if (after?.value === ',') return after.end;
  return startsStatement(after) ? end : undefined;
}

/** The whole of an entry file that a project does without; such a file is deleted, not edited, on removal. */
export function createdScriptText(specifier: string): string {
  return `;require("${specifier}");${CREATED}`;
}

/** Whether nothing is left in a script of {@link createdScriptText} once its statement is gone. */
export function isCreatedScript(source: string): boolean {
  return removeLoadStatement(source).trim() === CREATED.trim();
}
