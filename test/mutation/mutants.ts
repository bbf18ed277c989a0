/** Mutants: one changed place each of a TypeScript source, found by its syntax tree. */
import fs from 'node:fs';
import ts from 'typescript';
import { functionsOf } from './functions';
import type { SourceFunction } from './functions';

export interface Mutant {
  /** Relative to the checkout. */
  file: string;
  line: number;
  column: number;
  /** What kind of change it is. */
  kind: string;
  /** Place of the change in the file's text. */
  start: number;
  end: number;
  from: string;
  to: string;
  /** The innermost function that holds the place: `file#offset`, or `file#module`. */
  functionId: string;
  /** The outermost function that holds it, by which mutants are spread over a file. */
  group: string;
}

const { SyntaxKind } = ts;

const OPERATORS: Partial<Record<ts.SyntaxKind, string[]>> = {
  [SyntaxKind.LessThanToken]: ['<=', '>='],
  [SyntaxKind.GreaterThanToken]: ['>=', '<='],
  [SyntaxKind.LessThanEqualsToken]: ['<', '>'],
  [SyntaxKind.GreaterThanEqualsToken]: ['>', '<'],
  [SyntaxKind.EqualsEqualsEqualsToken]: ['!=='],
  [SyntaxKind.ExclamationEqualsEqualsToken]: ['==='],
  [SyntaxKind.EqualsEqualsToken]: ['!='],
  [SyntaxKind.ExclamationEqualsToken]: ['=='],
  [SyntaxKind.AmpersandAmpersandToken]: ['||'],
  [SyntaxKind.BarBarToken]: ['&&'],
  [SyntaxKind.QuestionQuestionToken]: ['&&'],
  [SyntaxKind.MinusToken]: ['+'],
  [SyntaxKind.AsteriskToken]: ['/'],
  [SyntaxKind.SlashToken]: ['*'],
  [SyntaxKind.PercentToken]: ['*'],
  [SyntaxKind.PlusEqualsToken]: ['-='],
  [SyntaxKind.MinusEqualsToken]: ['+='],
};

const METHODS: Record<string, string> = {
  every: 'some',
  some: 'every',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  min: 'max',
  max: 'min',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  push: 'unshift',
  unshift: 'push',
  shift: 'pop',
  pop: 'shift',
  floor: 'ceil',
  ceil: 'floor',
  toLowerCase: 'toUpperCase',
  resolve: 'reject',
};

/** Methods whose call may be left out: the value before it stays. */
const DROPPED_METHODS = new Set(['trim', 'slice', 'sort', 'reverse', 'filter', 'toLowerCase', 'splice']);

const isLogical = (kind: ts.SyntaxKind) =>
  kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken;

/** Whether an expression is a string at sight, whose `+` joins and does not add. */
function isString(node: ts.Node): boolean {
  if (ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return true;
  if (ts.isParenthesizedExpression(node)) return isString(node.expression);
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.PlusToken &&
    (isString(node.left) || isString(node.right))
  );
}

/** Nothing in these runs. */
function isTypeOnly(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    (ts.canHaveModifiers(node) &&
      !!ts.getModifiers(node)?.some(({ kind }) => kind === SyntaxKind.DeclareKeyword))
  );
}

/** A string that names something: another string there is not another behaviour but broken code. */
function isName(node: ts.StringLiteralLike): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isExpressionStatement(parent) ||
    (ts.isCallExpression(parent) && parent.expression.kind === SyntaxKind.ImportKeyword)
  );
}

function changedPatterns(literal: string): string[] {
  const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec(literal) ?? [];
  if (body === undefined) return [];
  const replaced = (pattern: RegExp, by: string) => body.replace(pattern, by);
  const changes = [
    replaced(/^\^/, ''),
    replaced(/(?<!\\)\$$/, ''),
    replaced(/\[\^/, '['),
    replaced(/(?<!\\)\+/, '*'),
    replaced(/(?<![\\(])\*/, '+'),
    replaced(/\\d/, '\\D'),
    replaced(/\\s/, '\\S'),
    replaced(/\\w/, '\\W'),
  ].map((changed) => `/${changed}/${flags}`);
  for (const flag of flags) changes.push(`/${body}/${flags.replace(flag, '')}`);
  return changes.filter((changed) => {
    try {
      new Function(`return ${changed}`);
      return changed !== literal;
    } catch {
      return false;
    }
  });
}

type Report = (kind: string, start: number, end: number, to: string) => void;

/** The changes at one node, without those of its children. */
function changesAt(node: ts.Node, text: string, report: Report): void {
  const swap = (kind: string, to: string, place: ts.Node = node) =>
    report(kind, place.getStart(), place.getEnd(), to);

  if (ts.isIfStatement(node)) ['true', 'false'].forEach((to) => swap('condition', to, node.expression));
  if (ts.isConditionalExpression(node))
    ['true', 'false'].forEach((to) => swap('condition', to, node.condition));
  if (ts.isWhileStatement(node)) swap('condition', 'false', node.expression);
  if (ts.isForStatement(node) && node.condition) swap('condition', 'false', node.condition);

  if (ts.isBinaryExpression(node)) {
    const { operatorToken: operator, left, right } = node;
    for (const to of OPERATORS[operator.kind] ?? []) swap('operator', to, operator);
    if (operator.kind === SyntaxKind.PlusToken && !isString(node)) swap('operator', '-', operator);
    if (isLogical(operator.kind)) {
      swap('operand', right.getText());
      swap('operand', left.getText());
    }
  }
  if (ts.isPrefixUnaryExpression(node)) {
    const operand = node.operand.getText();
    if (node.operator === SyntaxKind.ExclamationToken || node.operator === SyntaxKind.MinusToken)
      swap('negation', `(${operand})`);
    if (node.operator === SyntaxKind.PlusPlusToken) swap('operator', `--${operand}`);
    if (node.operator === SyntaxKind.MinusMinusToken) swap('operator', `++${operand}`);
  }
  if (ts.isPostfixUnaryExpression(node))
    swap('operator', `${node.operand.getText()}${node.operator === SyntaxKind.PlusPlusToken ? '--' : '++'}`);

  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text.replace(/_/g, ''));
    swap('constant', String(value + 1));
    if (value !== 0) swap('constant', String(value > 1 ? value - 1 : 0));
    if (value > 1) swap('constant', String(value * 10));
  }
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    if (!isName(node)) swap('string', node.text === '' ? "'mutated'" : "''");
  }
  if (ts.isTemplateExpression(node)) swap('string', '``');
  if (node.kind === SyntaxKind.TrueKeyword) swap('boolean', 'false');
  if (node.kind === SyntaxKind.FalseKeyword) swap('boolean', 'true');
  if (ts.isRegularExpressionLiteral(node))
    for (const to of changedPatterns(node.getText())) swap('pattern', to);

  if (ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression)) swap('statement', ';');
  if (ts.isThrowStatement(node)) swap('statement', ';');
  if (ts.isReturnStatement(node)) {
    if (ts.isIfStatement(node.parent)) swap('statement', ';');
    else if (node.expression && ts.isBlock(node.parent) && node.parent.statements.length > 1)
      swap('return', 'return;');
  }
  if (ts.isFunctionLike(node) && 'body' in node && node.body) {
    const body = node.body as ts.Node;
    if (!ts.isBlock(body)) swap('body', '(undefined as any)', body);
    else if (body.statements.length > 0) swap('body', '{}', body);
  }
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) changesOfCall(node, swap, report);
  if ('questionDotToken' in node && node.questionDotToken)
    swap(
      'optional',
      ts.isPropertyAccessExpression(node) ? '.' : '',
      node.questionDotToken as ts.QuestionDotToken,
    );
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && !isAssigned(node))
    swap('literal', '([] as any)');
  if (ts.isObjectLiteralExpression(node) && !isAssigned(node)) {
    for (const property of node.properties) {
      const comma = /^\s*,/.exec(text.slice(property.getEnd()))?.[0].length ?? 0;
      report('literal', property.getStart(), property.getEnd() + comma, '');
    }
  }
}

/** The left side of an assignment is a pattern and no value. */
const isAssigned = (node: ts.Node) => ts.isBinaryExpression(node.parent) && node.parent.left === node;

function changesOfCall(
  node: ts.CallExpression | ts.NewExpression,
  swap: (kind: string, to: string, place?: ts.Node) => void,
  report: Report,
): void {
  const plain = (argument: ts.Node) => !ts.isFunctionLike(argument) && !ts.isSpreadElement(argument);
  const [first, second] = node.arguments ?? [];
  if (second && plain(first) && plain(second))
    report('arguments', first.getStart(), second.getEnd(), `${second.getText()}, ${first.getText()}`);
  if (!ts.isPropertyAccessExpression(node.expression)) return;
  const { name, expression } = node.expression;
  if (Object.hasOwn(METHODS, name.text)) swap('method', METHODS[name.text], name);
  if (DROPPED_METHODS.has(name.text)) swap('method', expression.getText());
}

const nameOf = (file: string, outermost: SourceFunction | undefined) =>
  `${file} ${outermost ? outermost.id : 'module'}`;

/** Every mutant of a source file. */
export function mutantsOf(file: string): Mutant[] {
  const text = fs.readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const functions = new Map(functionsOf(source).map((found) => [found.node, found]));
  const mutants: Mutant[] = [];
  const visit = (node: ts.Node, outermost?: SourceFunction, innermost?: SourceFunction): void => {
    if (isTypeOnly(node)) return;
    const own = functions.get(node);
    const outer = outermost ?? own;
    const inner = own ?? innermost;
    changesAt(node, text, (kind, start, end, to) => {
      const from = text.slice(start, end);
      if (from === to) return;
      const { line, character } = source.getLineAndCharacterOfPosition(start);
      mutants.push({
        file,
        line: line + 1,
        column: character + 1,
        kind,
        start,
        end,
        from,
        to,
        functionId: inner?.id ?? `${file}#module`,
        group: nameOf(file, outer),
      });
    });
    ts.forEachChild(node, (child) => visit(child, outer, inner));
  };
  visit(source);
  return mutants;
}

/** Whole bodies and strings are easy to notice, so they are chosen less often. */
const WEIGHTS: Record<string, number> = {
  body: 0.2,
  arguments: 0.6,
  string: 0.6,
  statement: 1.3,
  condition: 1.3,
};
const weightOf = (kind: string) => WEIGHTS[kind] ?? 1;

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function groupBy<T>(list: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(nameOf(one), [...(groups.get(nameOf(one)) ?? []), one]);
  return groups;
}

/** Chooses mutants evenly over the functions: in each a kind of change first, then a place. */
export function sample(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = randomOf(seed);
  const take = <T>(list: T[]): T => list.splice(Math.floor(random() * list.length), 1)[0];
  const groups = groupBy(mutants, ({ group }) => group);
  const chosen: Mutant[] = [];
  while (chosen.length < count) {
    const round = [...groups.keys()].sort().filter((name) => groups.get(name)!.length > 0);
    if (round.length === 0) break;
    while (round.length > 0 && chosen.length < count) {
      const group = groups.get(take(round))!;
      const kinds = [...new Set(group.map(({ kind }) => kind))];
      let left = random() * kinds.reduce((sum, kind) => sum + weightOf(kind), 0);
      const wanted = kinds.find((kind) => (left -= weightOf(kind)) < 0) ?? kinds[0];
      const mutant = take(group.filter(({ kind }) => kind === wanted));
      group.splice(group.indexOf(mutant), 1);
      chosen.push(mutant);
    }
  }
  return chosen;
}
