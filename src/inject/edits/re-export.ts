import { isModule } from './module-kind';
import { skipTrivia } from './prologue';

const PATH = '(?:\\.\\.?/)+servicemarket-compat\\.js';

const required = (specifier: string): string =>
  `;(function(m){try{m.exports.connectServiceMarket=require("${specifier}").connectServiceMarket}catch(e){}})(module);`;
const exported = (specifier: string): string => `;export{connectServiceMarket}from"${specifier}";`;

const WRITTEN = `(?:${[required, exported].map((statement) => literally(statement('§'))).join('|')})`;
const FORMATTED = `(?:${[required, exported].map((statement) => loosely(statement('§'))).join('|')})`;
const ON_A_LINE_OF_ITS_OWN = new RegExp(`\\n${WRITTEN}//$`);
const ANYWHERE = new RegExp(WRITTEN);
// `//` is the mark of a line of its own.
const ON_FORMATTED_LINES = new RegExp(`^[ \\t]*${FORMATTED}(?:[ \\t]*//[ \\t]*$)?(?:\\r?\\n)?`, 'm');
// Nothing but comments may follow it, or tools do not see it.
const SOURCE_MAP = /^\/\/[#@] sourceMappingURL=\S+\s*$(?![\s\S])/m;

/**
 * Lets a plugin's main export `connectServiceMarket`, by which the host hands its service market over. The
 * statement stands on the last line, where `module.exports` is what it will be; a main that knows the word
 * already is left to its author, and a statement that a formatter wrote anew as it is.
 *
 * @param source - text of the main script
 * @param specifier - literal relative path of the injected file
 */
export function addReExport(source: string, specifier: string): string {
  const bare = removeReExport(source);
  if (bare.includes('connectServiceMarket')) return bare;
  const statement = (isModule(bare) ? exported : required)(specifier);
  if (endsFormatted(source, statement)) return source;
  const map = SOURCE_MAP.exec(bare);
  if (map) return bare.slice(0, map.index) + statement + bare.slice(map.index);
  // A comment would swallow it; the mark at its end tells removal that the line is not the author's.
  return /\/\/.*$/.test(bare) ? `${bare}\n${statement}//` : bare + statement;
}

function endsFormatted(source: string, statement: string): boolean {
  const found = ON_FORMATTED_LINES.exec(source);
  if (!found || skipTrivia(source, found.index + found[0].length) < source.length) return false;
  const tokensOf = (text: string): string => text.replace(/[\s;]|\/\/\s*$/g, '').replaceAll("'", '"');
  return tokensOf(found[0]) === tokensOf(statement);
}

/** Takes the statement out again, formatted or not: gives back what {@link addReExport} was given, or `source` as it is. */
export function removeReExport(source: string): string {
  return source.replace(ON_A_LINE_OF_ITS_OWN, '').replace(ANYWHERE, '').replace(ON_FORMATTED_LINES, '');
}

/** A pattern for a statement whose specifier is `§`. */
function literally(statement: string): string {
  return statement.replace(/[^\w§]/g, '\\$&').replace('§', PATH);
}

/** The same as formatters leave it: they choose quotes, spaces and semicolons. */
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
