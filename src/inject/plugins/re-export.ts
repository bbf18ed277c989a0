import { isModule } from '../module-kind';

const PATH = '"(?:\\.\\.?/)+servicemarket-compat\\.js"';
const REQUIRED = `;\\(function\\(m\\)\\{try\\{m\\.exports\\.connectServiceMarket=require\\(${PATH}\\)\\.connectServiceMarket\\}catch\\(e\\)\\{\\}\\}\\)\\(module\\);`;
const EXPORTED = `;export\\{connectServiceMarket\\}from${PATH};`;
const STATEMENT = `(?:${REQUIRED}|${EXPORTED})`;
const ON_A_LINE_OF_ITS_OWN = new RegExp(`\\n${STATEMENT}//$`);
const ANYWHERE = new RegExp(STATEMENT);
// Nothing but comments may follow it, or tools do not see it.
const SOURCE_MAP = /^\/\/[#@] sourceMappingURL=\S+\s*$(?![\s\S])/m;

/**
 * Lets a plugin's main export `connectServiceMarket`, by which the host hands its service market over. The
 * statement stands on the last line, where `module.exports` is what it will be; a main that knows the word
 * already is left to its author.
 *
 * @param source - text of the main script
 * @param specifier - literal relative path of the injected file
 */
export function addReExport(source: string, specifier: string): string {
  const bare = removeReExport(source);
  if (bare.includes('connectServiceMarket')) return bare;
  const statement = isModule(bare)
    ? `;export{connectServiceMarket}from"${specifier}";`
    : `;(function(m){try{m.exports.connectServiceMarket=require("${specifier}").connectServiceMarket}catch(e){}})(module);`;
  const map = SOURCE_MAP.exec(bare);
  if (map) return bare.slice(0, map.index) + statement + bare.slice(map.index);
  // A comment would swallow it; the mark at its end tells removal that the line is not the author's.
  return /\/\/.*$/.test(bare) ? `${bare}\n${statement}//` : bare + statement;
}

/** Takes the statement out again: gives back what {@link addReExport} was given, or `source` as it is. */
export function removeReExport(source: string): string {
  return source.replace(ON_A_LINE_OF_ITS_OWN, '').replace(ANYWHERE, '');
}
