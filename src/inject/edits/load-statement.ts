import { posix } from 'node:path';
import { ARTIFACT_NAME, CONNECTOR_NAME } from './runtime-file';
import { InjectError } from '../errors';
import { isModule } from './module-kind';
import { endsStatement, findPrologue, matchLength, skipTrivia } from './prologue';
import type { Prologue } from './prologue';

const NAME = `(?:${[ARTIFACT_NAME, CONNECTOR_NAME].join('|').replaceAll('.', '\\.')})`;
const PATH = `(?:\\./|(?:\\.\\./)+)(?:[^"'\\n]*/)?${NAME}`;
const SPECIFIER = `"(${PATH})"`;
const WRITTEN = new RegExp(`(?:;?import ${SPECIFIER}|;require\\(${SPECIFIER}\\));`, 'y');
const FORMATTED = new RegExp(
  `(?:import\\s*(["'])(${PATH})\\1|require\\s*\\(\\s*(["'])(${PATH})\\3\\s*\\))`,
  'y',
);
const SEMICOLON = /[ \t]*;/y;
const SPACE = /[ \t]*/y;
const LINE_END = /[ \t]*(?:\r\n|[\n\r])/y;
const CREATED = ' // created by miniprogram-servicemarket\n';

/**
 * @param script - the script that gets the statement, relative to the project
 * @param artifact - the injected file, likewise
 * @returns the literal relative path of the one seen from the other
 */
export function specifierOf(script: string, artifact: string): string {
  const path = posix.relative(posix.dirname(script), artifact);
  return path.startsWith('../') ? path : `./${path}`;
}

/** The statement in a script, with what goes when it goes. */
interface Statement {
  start: number;
  end: number;
  specifier: string;
  isImport: boolean;
}

/**
 * Puts the statement on the first line, or brings the one that is there up to date. One that a formatter wrote
 * anew is left as it is.
 *
 * @param source - text of the script
 * @param specifier - literal relative path of the injected file
 * @param file - the script's name, for the error
 * @throws InjectError when the script is an unfinished hashbang line
 */
export function addStatement(source: string, specifier: string, file: string): string {
  const bare = removeStatement(source);
  const isImport = isModule(bare);
  const present = findStatement(source);
  if (present?.specifier === specifier && present.isImport === isImport) return source;
  const prologue = findPrologue(bare);
  if (!prologue) {
    throw new InjectError('inject', 'the file is a hashbang line without an end', 'End the line', {
      file,
      line: 1,
    });
  }
  const { offset, afterDirective } = prologue;
  const statement = isImport
    ? `${afterDirective ? ';' : ''}import "${specifier}";`
    : `;require("${specifier}");`;
  return bare.slice(0, offset) + statement + bare.slice(offset);
}

/**
 * Takes the statement out again: gives back what {@link addStatement} was given, or `source` as it is. Of a script
 * that was formatted since, it gives back what the formatter would have made of it.
 */
export function removeStatement(source: string): string {
  const found = findStatement(source);
  return found ? removeStatement(source.slice(0, found.start) + source.slice(found.end)) : source;
}

function findStatement(source: string): Statement | undefined {
  const prologue = findPrologue(source) ?? { offset: 0, afterDirective: false };
  const { offset: start } = prologue;
  WRITTEN.lastIndex = start;
  const written = WRITTEN.exec(source);
  if (!written) return findFormatted(source, prologue);
  const [text, imported, required] = written;
  return { start, end: start + text.length, specifier: imported ?? required, isImport: Boolean(imported) };
}

/** Formatters choose quotes, spaces and semicolons, and give each statement its line. */
function findFormatted(source: string, { offset, afterDirective }: Prologue): Statement | undefined {
  let start = skipTrivia(source, offset);
  let at = start;
  if (source[at] === ';') at = skipTrivia(source, at + 1);
  if (afterDirective) start = at;
  FORMATTED.lastIndex = at;
  const found = FORMATTED.exec(source);
  if (!found) return undefined;
  let end = at + found[0].length;
  const semicolon = matchLength(SEMICOLON, source, end);
  if (!semicolon && !endsStatement(source, end, skipTrivia(source, end))) return undefined;
  end += semicolon;
  const isFirst = /(?:^\uFEFF?|[\n\r])$/.test(source.slice(0, start));
  end += (isFirst && matchLength(LINE_END, source, end)) || matchLength(SPACE, source, end);
  return { start, end, specifier: found[2] ?? found[4], isImport: found[2] !== undefined };
}

/** The whole of an entry file that a project does without; such a file is deleted, not edited, on removal. */
export function createdScript(specifier: string): string {
  return `;require("${specifier}");${CREATED}`;
}

/** Whether nothing is left in a script of {@link createdScript} once its statement is gone. */
export function isCreatedScript(source: string): boolean {
  return removeStatement(source).trim() === CREATED.trim();
}
