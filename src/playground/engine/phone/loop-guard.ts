/**
 * Has page code ask, in each of its loops, whether it may go on. The frame of the phone shares a process with the page
 * around it: a browser gives a process of its own only to a frame without `allow-same-origin`, which the realms in this
 * one need. So an endless loop would stop the whole page, and with it every button that could end the loop.
 */
import { parse, type Node } from 'acorn';

/** The global by which page code asks whether its turn goes on. */
export const GUARD = '__playgroundGuard';

const LOOPS = ['WhileStatement', 'DoWhileStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement'];
const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** What the walk reads of a node of any type. */
type AnyNode = Node & { body: AnyNode & { body: (AnyNode & { directive?: string })[] } };

/**
 * Has every loop and every function of a script call the guard first: functions too, because a chain of promises is a
 * loop without one. Lines stay where they are.
 *
 * @returns the script as it is where it cannot be read: its own engine says why
 */
export function guardLoops(source: string): string {
  let program: Node;
  try {
    program = parse(source, {
      ecmaVersion: 'latest',
      allowReturnOutsideFunction: true,
      allowImportExportEverywhere: true,
    });
  } catch {
    return source;
  }
  const inserts: { at: number; text: string }[] = [];
  const wrap = ({ start, end }: Node, before: string, inside: () => void, after: string): void => {
    inserts.push({ at: start, text: before });
    inside();
    inserts.push({ at: end, text: after });
  };
  function visit(node: AnyNode): void {
    const { type, body } = node;
    const inside = (): void => childrenOf(node).forEach(visit);
    const isLoop = LOOPS.includes(type);
    if (!isLoop && !FUNCTIONS.includes(type)) return inside();
    if (body.type === 'BlockStatement') {
      // In front of a directive the guard would make an expression of it.
      const directive = body.body.findLast((statement) => statement.directive !== undefined);
      inserts.push({ at: directive?.end ?? body.start + 1, text: `;${GUARD}();` });
      return inside();
    }
    return isLoop ? wrap(body, `{${GUARD}();`, inside, '}') : wrap(body, `(${GUARD}(),`, inside, ')');
  }
  visit(program as AnyNode);
  // Of inserts at one place, the inner node's end comes first, as it was visited.
  let guarded = '';
  let at = 0;
  for (const insert of inserts.sort((one, other) => one.at - other.at)) {
    guarded += source.slice(at, insert.at) + insert.text;
    at = insert.at;
  }
  return guarded + source.slice(at);
}

function childrenOf(node: Node): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value) => typeof (value as Node | null)?.type === 'string') as AnyNode[];
}
