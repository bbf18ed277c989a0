import { codeTokensFrom, isTrivia, startsStatement, tokensFrom } from './tokens';
import type { CodeToken } from './tokens';

/** The offset at which a statement runs first without moving a line or undoing a directive. */
export interface Prologue {
  offset: number;
  /** The offset is directly behind a directive's string. */
  isAfterDirective: boolean;
}

/** Comments that TypeScript reads only at the top of a file. */
const PRAGMA = /^\/\/(?:\/[ \t]*<|[ \t]*@ts-(?:no)?check\b)/;

/**
 * Finds the end of the byte order mark, the hashbang, the comments that TypeScript reads only at the top
 * (`/// <reference>`, `@ts-nocheck`) and the directives (`'use strict'`).
 *
 * @returns undefined when the file is nothing but an unfinished hashbang line
 */
export function findPrologue(source: string): Prologue | undefined {
  const start = skipHashbang(source, source.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (start === undefined) return undefined;
  const directiveEnd = findDirectiveEnd(source, start);
  return {
    offset: directiveEnd ?? findPragmaEnd(source, start),
    isAfterDirective: directiveEnd !== undefined,
  };
}

function skipHashbang(source: string, start: number): number | undefined {
  if (!source.startsWith('#!', start)) return start;
  const end = source.slice(start).search(/[\n\r]/);
  if (end < 0) return undefined;
  return start + end + (source.startsWith('\r\n', start + end) ? 2 : 1);
}

/** @returns the offset behind the string of the last directive, or undefined without any */
function findDirectiveEnd(source: string, start: number): number | undefined {
  let end: number | undefined;
  /** A string that is a directive if its statement ends behind it. */
  let candidate: CodeToken | undefined;
  for (const token of codeTokensFrom(source, start)) {
    if (candidate) {
      if (token.value !== ';' && !startsStatement(token)) return end;
      end = candidate.end;
      candidate = undefined;
      if (token.value === ';') continue;
    }
    if (token.type !== 'StringLiteral') return end;
    candidate = token;
  }
  return candidate?.end ?? end;
}

/** @returns the offset behind the line of the last pragma, or `start` without any */
function findPragmaEnd(source: string, start: number): number {
  let end = start;
  let isPragma = false;
  for (const { type, value, start: at } of tokensFrom(source, start)) {
    if (!isTrivia(type)) break;
    if (isPragma && type === 'LineTerminatorSequence') end = at + value.length;
    isPragma = PRAGMA.test(value);
  }
  return end;
}
