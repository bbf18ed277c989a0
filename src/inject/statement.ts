import { posix } from 'node:path';
import { ARTIFACT_NAME, CONNECTOR_NAME } from './artifact';
import { InjectError } from './errors';
import { isModule } from './module-kind';
import { findPrologue } from './prologue';

const NAME = `(?:${[ARTIFACT_NAME, CONNECTOR_NAME].join('|').replaceAll('.', '\\.')})`;
const SPECIFIER = `"((?:\\./|(?:\\.\\./)+)(?:[^"\\n]*/)?${NAME})"`;
const STATEMENT = new RegExp(`(?:;?import ${SPECIFIER}|;require\\(${SPECIFIER}\\));`, 'y');
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

/**
 * Puts the statement on the first line, or brings the one that is there up to date.
 *
 * @param source - text of the script
 * @param specifier - literal relative path of the injected file
 * @param file - the script's name, for the error
 * @throws InjectError when the script is an unfinished hashbang line
 */
export function addStatement(source: string, specifier: string, file: string): string {
  const bare = removeStatement(source);
  const prologue = findPrologue(bare);
  if (!prologue) {
    throw new InjectError('inject', 'the file is a hashbang line without an end', 'End the line', {
      file,
      line: 1,
    });
  }
  const { offset, afterDirective } = prologue;
  const statement = isModule(bare)
    ? `${afterDirective ? ';' : ''}import "${specifier}";`
    : `;require("${specifier}");`;
  return bare.slice(0, offset) + statement + bare.slice(offset);
}

/** Takes the statement out again: gives back what {@link addStatement} was given, or `source` as it is. */
export function removeStatement(source: string): string {
  const at = findPrologue(source)?.offset ?? 0;
  STATEMENT.lastIndex = at;
  const found = STATEMENT.exec(source);
  return found ? source.slice(0, at) + source.slice(at + found[0].length) : source;
}

/** The whole of an entry file that a project does without; such a file is deleted, not edited, on removal. */
export function createdScript(specifier: string): string {
  return `;require("${specifier}");${CREATED}`;
}

/** Whether nothing is left in a script of {@link createdScript} once its statement is gone. */
export function isCreatedScript(source: string): boolean {
  return removeStatement(source) === CREATED;
}
