import { parse } from 'acorn';
import type { Program } from 'acorn';

/**
 * Whether a script is an ES module, that is, has a top-level import or export. It decides the injected
 * statement: an import is hoisted above any require by the tools, and a require in a module is not first.
 *
 * @param source - JavaScript, or TypeScript and other dialects that are judged by their text
 */
export function isModule(source: string): boolean {
  if (!/\b(?:import|export)\b/.test(source)) return false;
  const program = tryParse(source, 'script') ?? tryParse(source, 'module');
  if (!program) return looksLikeModule(source);
  return program.sourceType === 'module' && program.body.some((node) => /^(?:Im|Ex)port/.test(node.type));
}

function tryParse(source: string, sourceType: 'script' | 'module'): Program | undefined {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType, allowReturnOutsideFunction: true });
  } catch {
    return undefined;
  }
}

const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
const DECLARATION =
  /(?:^|[;}])\s*(?:import\s*(?:[\w$]+|['{*])|export\s*(?:[{*=@]|(?:default|const|let|var|function|class|async|abstract|type|interface|enum|namespace|declare|import|as)\b))/m;

function looksLikeModule(source: string): boolean {
  return DECLARATION.test(source.replace(COMMENT_OR_STRING, (text) => (/^['"`]/.test(text) ? "''" : ' ')));
}
