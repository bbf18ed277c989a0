/** Where a statement can be the first that runs without moving a line or undoing a directive. */
export interface Prologue {
  offset: number;
  /** The offset is right behind a directive's string. */
  afterDirective: boolean;
}

const TRIVIA = /(?:[\s\uFEFF]|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /'(?:\\[\s\S]|[^'\\\n\r])*'|"(?:\\[\s\S]|[^"\\\n\r])*"/y;
// What makes the string before it an operand of an expression that goes on.
const CONTINUATION = /[.([`+\-*/,?=<>&|^%!]|(?:in|instanceof|as|satisfies)\b/y;
const PRAGMA = /^[ \t]*\/\/(?:\/[ \t]*<|[ \t]*@ts-(?:no)?check\b).*(?:\r\n|[\n\r])/gm;

/**
 * Finds the end of the byte order mark, the hashbang, the comments that TypeScript reads only at the top
 * (`/// <reference>`, `@ts-nocheck`) and the directives (`'use strict'`).
 *
 * @returns undefined when the file is nothing but an unfinished hashbang line
 */
export function findPrologue(source: string): Prologue | undefined {
  let start = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (source.startsWith('#!', start)) {
    const end = source.slice(start).search(/[\n\r]/);
    if (end < 0) return undefined;
    start += end + (source.startsWith('\r\n', start + end) ? 2 : 1);
  }
  let directive = lastDirectiveEnd(source, start);
  if (directive !== undefined) return { offset: directive, afterDirective: true };
  const comments = source.slice(start, skipTrivia(source, start));
  for (const pragma of comments.matchAll(PRAGMA)) directive = pragma.index + pragma[0].length;
  return { offset: start + (directive ?? 0), afterDirective: false };
}

function lastDirectiveEnd(source: string, start: number): number | undefined {
  let last: number | undefined;
  for (let at = start; ;) {
    at = skipTrivia(source, at);
    const string = matchLength(STRING, source, at);
    if (!string) return last;
    const end = at + string;
    at = skipTrivia(source, end);
    if (source[at] === ';') at++;
    else if (!endsStatement(source, end, at)) return last;
    last = end;
  }
}

/** @returns the index behind white space and comments */
export function skipTrivia(source: string, at: number): number {
  return at + matchLength(TRIVIA, source, at);
}

/** Whether a statement without semicolon ends where only white space and comments stand up to the next token. */
export function endsStatement(source: string, from: number, to: number): boolean {
  return (
    to >= source.length ||
    source[to] === '}' ||
    (/[\n\r]/.test(source.slice(from, to)) && !matchLength(CONTINUATION, source, to))
  );
}

/** @param pattern - sticky */
export function matchLength(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0].length ?? 0;
}
