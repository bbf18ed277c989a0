/** The text of a runtime file: its head, and the arguments that the injector writes into it. */
import { createHash } from 'node:crypto';
import { text } from '../../texts';
import { InjectError } from '../errors';

/** The name of the runtime file at every injection site. */
export const RUNTIME_FILE_NAME = 'servicemarket-compat.js';

/** The name of the file that connects a subpackage's plugins. */
export const CONNECTOR_FILE_NAME = 'servicemarket-plugins.js';

/** As `build/plugins/wrap-injected.mjs` writes it. */
const HEAD = /^\/\*! miniprogram-servicemarket v(\S+) (\S+) sha256:([0-9a-f]{16}) \*\/\r?\n/;

/**
 * Makes ESLint, TypeScript and Prettier pass over a script. Prettier ignores one statement; it is a block, because
 * without semicolons Prettier would move that of an expression.
 */
export function withPragmas(code: string): string {
  return `/* eslint-disable */\n// @ts-nocheck\n// prettier-ignore\n{${code.trimEnd()}}\n`;
}

const EMPTY_ARGUMENT = /\{\}\);(\s*)$/;

/** The first line of a built or injected runtime file. */
export interface RuntimeHead {
  version: string;
  /** What the file is made of: names of channels, `plugins` for the part that plugins call, or `plugin` alone. */
  parts: string[];
  /** False when the text below the head was edited; line ends may change, as Git changes them. */
  isIntact: boolean;
}

/** @returns the head, or undefined when the text is not a runtime file of this package */
export function readHead(source: string): RuntimeHead | undefined {
  const head = HEAD.exec(source);
  if (!head) return undefined;
  const [line, version, parts, checksum] = head;
  return {
    version,
    parts: parts.split('+'),
    isIntact: checksum === checksumOf(withUnixLineEnds(source.slice(line.length))),
  };
}

/**
 * Writes arguments into a prebuilt runtime file, in place of the empty object literal at its end.
 *
 * @param prebuilt - text of a file of `dist/compat/`
 * @param args - ES5 expressions, with commas between them
 * @param source - the file's name, for the error
 * @returns the text with the arguments and a new checksum; still ES5
 * @throws InjectError when `prebuilt` has no head, was edited, or has no empty object at its end
 */
export function fillRuntimeFile(prebuilt: string, args: string, source: string): string {
  const head = readHead(prebuilt);
  if (!head?.isIntact || !EMPTY_ARGUMENT.test(prebuilt)) {
    const isDamaged = head && !head.isIntact;
    throw new InjectError(isDamaged ? 'builtDamaged' : 'builtForeign', {}, { file: source });
  }
  const code = prebuilt
    .slice(prebuilt.indexOf('\n') + 1)
    .replace(EMPTY_ARGUMENT, (_empty, end: string) => `${args});${end}`);
  const body = withPragmas(code);
  return `/*! miniprogram-servicemarket v${head.version} ${head.parts.join('+')} sha256:${checksumOf(body)} */\n${body}`;
}

/**
 * @param present - the file that is there
 * @param wanted - the file that has to be there
 * @returns how the first differs from the second, continuing the file's name; undefined when one of them is no
 *   runtime file, or they are equal
 */
export function describeDifference(
  present: string | undefined,
  wanted: string | undefined,
): string | undefined {
  if (present === wanted) return undefined;
  const presentHead = readHead(present ?? '');
  const wantedHead = readHead(wanted ?? '');
  if (!presentHead || !wantedHead) return undefined;
  if (!presentHead.isIntact) return text('wasEdited');
  if (presentHead.version !== wantedHead.version)
    return text('otherVersion', { version: presentHead.version, own: wantedHead.version });
  return text('otherConfiguration');
}

/** @returns whether two texts are equal but for their line ends, which Git may change at each checkout */
export function hasSameLines(one: string, other: string): boolean {
  return withUnixLineEnds(one) === withUnixLineEnds(other);
}

function withUnixLineEnds(source: string): string {
  return source.replaceAll('\r\n', '\n');
}

function checksumOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}

/** JSON as an ES5 expression: U+2028 and U+2029 may stand in a JSON string, but not in an ES5 string. */
export function toLiteral(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (separator) =>
    separator === '\u2028' ? '\\u2028' : '\\u2029',
  );
}
