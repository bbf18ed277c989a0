import { codeTokensFrom, isModule } from './tokens';

const PATH = '(?:\\.\\.?/)+servicemarket-compat\\.js';

const required = (specifier: string): string =>
  `;(function(m){try{m.exports.connectServiceMarket=require("${specifier}").connectServiceMarket}catch(e){}})(module);`;
const exported = (specifier: string): string => `;export{connectServiceMarket}from"${specifier}";`;

const WRITTEN = `(?:${[required, exported].map((statement) => literally(statement('§'))).join('|')})`;
const FORMATTED = `(?:${[required, exported].map((statement) => loosely(statement('§'))).join('|')})`;
const ON_A_LINE_OF_ITS_OWN = new RegExp(`\\r?\\n${WRITTEN}//$`);
const ANYWHERE = new RegExp(WRITTEN);
// `//` is the mark of a line of its own.
const ON_FORMATTED_LINES = new RegExp(`^[ \\t]*${FORMATTED}(?:[ \\t]*//[ \\t]*$)?(?:\\r?\\n)?`, 'm');
// Tools find it only where nothing but comments follow.
const SOURCE_MAP = /^\/\/[#@] sourceMappingURL=\S+\s*$(?![\s\S])/m;

/**
 * Lets a plugin's main export `connectServiceMarket`, by which the host hands its service market over. The
 * statement stands on the last line, where `module.exports` has its final value. A main that contains the name
 * already is left to its author, and a statement that a formatter rewrote is left as it is.
 *
 * @param source - text of the main script
 * @param specifier - literal relative path of the injected file
 */
export function addReExport(source: string, specifier: string): string {
  const original = removeReExport(source);
  if (original.includes('connectServiceMarket')) return original;
  const statement = (isModule(original) ? exported : required)(specifier);
  if (endsWithFormatted(source, statement)) return source;
  const map = SOURCE_MAP.exec(original);
  if (map) return original.slice(0, map.index) + statement + original.slice(map.index);
  // A comment would swallow it; by the mark at its end removal knows that the line is not the author's.
  if (!/\/\/.*$/.test(original)) return original + statement;
  return `${original}\n${statement}//`;
}

function endsWithFormatted(source: string, statement: string): boolean {
  const found = ON_FORMATTED_LINES.exec(source);
  if (!found || !codeTokensFrom(source, found.index + found[0].length).next().done) return false;
  const tokensOf = (text: string): string => text.replace(/[\s;]|\/\/\s*$/g, '').replaceAll("'", '"');
  return tokensOf(found[0]) === tokensOf(statement);
}

/** Takes the statement out again, formatted or not. @returns the script that {@link addReExport} was called with */
export function removeReExport(source: string): string {
  return source.replace(ON_A_LINE_OF_ITS_OWN, '').replace(ANYWHERE, '').replace(ON_FORMATTED_LINES, '');
}

/** A pattern for a statement whose specifier is `§`. */
function literally(statement: string): string {
  return statement.replace(/[^\w§]/g, '\\$&').replace('§', PATH);
}

/** The same pattern for a formatted statement: formatters choose quotes, spaces and semicolons. */
function loosely(statement: string): string {
  const tokens = statement.match(/\w+|[^\w]/g) ?? [];
  const pattern = (token: string): string => {
    if (token === '§') return PATH;
    if (token === ';') return ';?';
    return token === '"' ? `["']` : token.replace(/\W/, '\\$&');
  };
  // A semicolon may also stand before the brace.
  return tokens.map((token) => (token === '}' ? `;?\\s*${pattern(token)}` : pattern(token))).join('\\s*');
}
