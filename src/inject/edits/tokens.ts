/** JavaScript and its dialects as tokens. A tokenizer accepts the TypeScript, JSX and Flow that a parser refuses. */
import jsTokens from 'js-tokens';
import type { Token } from 'js-tokens';

/** A token that is neither white space nor a comment. */
export interface CodeToken {
  type: Token['type'];
  value: string;
  /** Offsets in the source: of the token, and behind it. */
  start: number;
  end: number;
  /** Whether a line break stands between this token and the one before it. */
  isOnNewLine: boolean;
}

const COMMENTS: Token['type'][] = ['SingleLineComment', 'MultiLineComment', 'HashbangComment'];
const TRIVIA: Token['type'][] = [...COMMENTS, 'WhiteSpace', 'LineTerminatorSequence'];
const LINE_BREAK = /[\n\r\u2028\u2029]/;

/** Punctuators and words that continue the expression of the line before them. */
const CONTINUATION = /^(?:[.([`+\-*/,?=<>&|^%!].*|in|instanceof|as|satisfies)$/s;

/** @returns every token from an offset on, with its offset, as far as the caller reads them */
export function* tokensFrom(source: string, from: number): Generator<Token & { start: number }> {
  let start = from;
  for (const token of jsTokens(source.slice(from))) {
    yield { ...token, start };
    start += token.value.length;
  }
}

/** @returns the tokens of the code from an offset on, as far as the caller reads them */
export function* codeTokensFrom(source: string, from = 0): Generator<CodeToken> {
  let isOnNewLine = false;
  for (const { type, value, start } of tokensFrom(source, from)) {
    if (isTrivia(type)) isOnNewLine ||= LINE_BREAK.test(value);
    else {
      yield { type, value, start, end: start + value.length, isOnNewLine };
      isOnNewLine = false;
    }
  }
}

/** @returns whether a token is white space or a comment */
export function isTrivia(type: Token['type']): boolean {
  return TRIVIA.includes(type);
}

/** @returns the string that a literal without escapes spells, or undefined for any other token */
export function stringOf(token: CodeToken | undefined): string | undefined {
  return token?.type === 'StringLiteral' ? token.value.slice(1, -1) : undefined;
}

/** @returns whether a statement without semicolon ends before a token; undefined is the end of the file */
export function startsStatement(token: CodeToken | undefined): boolean {
  return !token || token.value === '}' || (token.isOnNewLine && !CONTINUATION.test(token.value));
}

/**
 * Whether a script is an ES module, that is, has a top-level import or export.
 *
 * @param source - JavaScript or a dialect of it
 */
export function isModule(source: string): boolean {
  // Most scripts of a mini-program are CommonJS, and this is some hundred times faster.
  if (!/\b(?:import|export)\b/.test(source)) return false;
  let depth = 0;
  let before: CodeToken | undefined;
  let isImport = false;
  for (const token of codeTokensFrom(source)) {
    // `import("a")` and `import.meta` are expressions.
    if (isImport && token.value !== '(' && token.value !== '.') return true;
    const isTopLevel = depth === 0 && token.type === 'IdentifierName' && !/^\??\.$/.test(before?.value ?? '');
    if (isTopLevel && token.value === 'export') return true;
    isImport = isTopLevel && token.value === 'import';
    if (/^(?:[([{]|TemplateHead)$/.test(bracketOf(token))) depth++;
    if (/^(?:[)\]}]|TemplateTail)$/.test(bracketOf(token))) depth--;
    before = token;
  }
  return false;
}

/** A template literal encloses its expressions like brackets. */
function bracketOf({ type, value }: CodeToken): string {
  return type === 'Punctuator' ? value : type;
}
