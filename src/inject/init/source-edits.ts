/** Insertions into scripts and JSON, found by tokens, that are taken out again byte for byte. */
import { codeTokensFrom, isModule } from '../edits/tokens';
import type { CodeToken } from '../edits/tokens';
import { findPrologue } from '../edits/prologue';

/** An opening bracket in a source, with the one that closes it. */
export interface Brackets {
  open: CodeToken;
  close: CodeToken;
  /** The last token before `close`; `open` itself where there is nothing inside. */
  last: CodeToken;
  /** Brackets around it. */
  depth: number;
}

/**
 * @param name - a key, as in `name: [` or `"name": {`, or a method, as in `name(argument) {`
 * @param kind - the bracket behind the key, or '(' for a method's parameters
 * @returns every place where a source has that, the outermost first
 */
export function findMembers(source: string, name: string, kind: '[' | '{' | '('): Brackets[] {
  const tokens = [...codeTokensFrom(source)];
  const found = tokens.flatMap((token, index) => {
    if (token.value !== name && token.value.slice(1, -1) !== name) return [];
    const at = kind === '(' ? index + 1 : index + 2;
    if (kind !== '(' && tokens[index + 1]?.value !== ':') return [];
    return tokens[at]?.value === kind ? [bracketsAt(tokens, at)] : [];
  });
  return found.filter((pair) => pair !== undefined).sort((one, other) => one.depth - other.depth);
}

/** @returns the object that a script exports: `export default {`, `module.exports = call({`, or a const's that it names */
export function findExportedObject(source: string): Brackets | undefined {
  const tokens = [...codeTokensFrom(source)];
  const values = tokens.map(({ value }) => value);
  const ends = (...words: string[]) => {
    const at = values.findIndex((_value, index) => words.every((word, i) => values[index + i] === word));
    return at < 0 ? undefined : at + words.length;
  };
  const start = ends('export', 'default') ?? ends('module', '.', 'exports', '=');
  if (start === undefined) return undefined;
  const direct = objectAt(tokens, start);
  if (direct) return direct;
  const declared = ends('const', values[start]);
  const equals = declared === undefined ? -1 : values.indexOf('=', declared);
  return equals < 0 ? undefined : objectAt(tokens, equals + 1);
}

/** An object literal, bare or as the first argument of a call: `{`, `call({`, `call<Type>({`. */
function objectAt(tokens: CodeToken[], start: number): Brackets | undefined {
  let at = start;
  if (tokens[at]?.type === 'IdentifierName') at++;
  if (tokens[at]?.value === '<') while (at < tokens.length && tokens[at].value !== '(') at++;
  if (tokens[at]?.value === '(') at++;
  return tokens[at]?.value === '{' ? bracketsAt(tokens, at) : undefined;
}

function bracketsAt(tokens: CodeToken[], at: number): Brackets | undefined {
  const depthOf = (token: CodeToken): number => {
    if (/^[([{]$/.test(token.value) || token.type === 'TemplateHead') return 1;
    return /^[)\]}]$/.test(token.value) || token.type === 'TemplateTail' ? -1 : 0;
  };
  const depth = tokens.slice(0, at).reduce((sum, token) => sum + depthOf(token), 0);
  let inside = 0;
  for (let index = at; index < tokens.length; index++) {
    inside += depthOf(tokens[index]);
    if (inside === 0) return { open: tokens[at], close: tokens[index], last: tokens[index - 1], depth };
  }
  return undefined;
}

/** Puts a member or a statement directly behind an opening brace, spaced as what stands there now. */
export function insertFirst(source: string, { open, last }: Brackets, text: string, separator = ','): string {
  const rest = source.slice(open.end);
  if (last === open) return source.slice(0, open.end) + text + rest;
  const space = /^[ \t]*\r?\n\s*|^ ?/.exec(rest)?.[0] ?? '';
  return source.slice(0, open.end) + space + text + separator + rest;
}

/** Takes out what {@link insertFirst} put in. @param pattern - of it and of its separator */
export function removeFirst(source: string, pattern: string): string {
  return source.replace(new RegExp(`(?<=\\{)\\s*${pattern}`), '');
}

/** Appends an element to an array, spaced as its last element is. */
export function appendElement(source: string, { open, close, last }: Brackets, text: string): string {
  // With spaces, so that removal knows the list from one that was added with its element.
  if (last === open) return `${source.slice(0, open.end)} ${text} ${source.slice(close.start)}`;
  const line = source.slice(0, last.start).split('\n').at(-1) ?? '';
  const isMultiline = /\n/.test(source.slice(last.end, close.start));
  const end = source.slice(0, last.end).includes('\r\n') ? '\r\n' : '\n';
  const space = isMultiline ? end + (/^\s*/.exec(line)?.[0] ?? '') : ' ';
  const [before, after] = last.value === ',' ? ['', ','] : [',', ''];
  return source.slice(0, last.end) + before + space + text + after + source.slice(last.end);
}

/** Takes out what {@link appendElement} put in. */
export function removeElement(source: string, text: string): string {
  const element = literally(text);
  const pattern = `(?<=,)(?:\\r?\\n[ \\t]*| )${element},|,(?:\\r?\\n[ \\t]*| )${element}|(?<=\\[) ${element} (?=\\])`;
  return source.replace(new RegExp(pattern), '');
}

const IMPORTED = 'miniprogram-servicemarket/unplugin';
const IMPORT = new RegExp(
  `(?<=^\\uFEFF?)(?:import \\{ serviceMarket \\} from ["']${IMPORTED}["']|const \\{ serviceMarket \\} = require\\(["']${IMPORTED}["']\\));?\\r?\\n`,
  'm',
);

/** Imports the bundler plugin on the first line, in the script's own quotes and semicolons. */
export function addImport(source: string): string {
  const { offset, isAfterDirective } = findPrologue(source) ?? { offset: 0, isAfterDirective: false };
  const at = isAfterDirective ? source.indexOf('\n', offset) + 1 : offset;
  const name = quote(source, IMPORTED);
  const statement = isModule(source)
    ? `import { serviceMarket } from ${name}`
    : `const { serviceMarket } = require(${name})`;
  const end = source.includes('\r\n') ? '\r\n' : '\n';
  return source.slice(0, at) + statement + semicolonOf(source) + end + source.slice(at);
}

/** Takes out what {@link addImport} put in. */
export function removeImport(source: string): string {
  return source.replace(IMPORT, '');
}

/** @returns a string literal in the quotes of the script's first one */
export function quote(source: string, text: string): string {
  for (const { type, value } of codeTokensFrom(source)) {
    if (type === 'StringLiteral') return `${value[0]}${text}${value[0]}`;
  }
  return `'${text}'`;
}

/** @returns a semicolon, where the script's lines end with one */
export function semicolonOf(source: string): string {
  return /;[ \t]*\r?$/m.test(source) || !source.trim() ? ';' : '';
}

/** @returns a pattern for a text, with either kind of quotes */
export function literally(text: string): string {
  return text.replace(/[.*+?^$()|[\]{}\\]/g, '\\$&').replace(/["']/g, `["']`);
}
