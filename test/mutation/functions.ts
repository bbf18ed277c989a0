/** The functions of a source file, and a form of it that says which of them ran. */
import ts from 'typescript';

export interface SourceFunction {
  node: ts.Node;
  body: ts.Node;
  /** `file#offset`. */
  id: string;
}

export function functionsOf(source: ts.SourceFile): SourceFunction[] {
  const found: SourceFunction[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body)
      found.push({ node, body: node.body as ts.Node, id: `${source.fileName}#${node.getStart()}` });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What stands before a function's id in its marked form. */
export const MARK = '@@';

/**
 * The source with a directive of each function's id as its first statement. Compilers keep directives, and V8 says
 * which functions of a script ran: so a mark is found in every realm without a line of code that runs.
 */
export function markFunctions(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const insertions: [number, string][] = [];
  for (const { body, id } of functionsOf(source)) {
    if (ts.isBlock(body)) insertions.push([body.getStart() + 1, ` "${MARK}${id}";`]);
    else insertions.push([body.getStart(), `{ "${MARK}${id}"; return `], [body.getEnd(), '; }']);
  }
  return insertions
    .sort(([one], [other]) => other - one)
    .reduce((marked, [at, added]) => marked.slice(0, at) + added + marked.slice(at), text);
}
