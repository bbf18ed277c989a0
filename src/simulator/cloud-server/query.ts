import type { Any } from '../types';
import { CloudError } from './types';

type Test = (value: Any, operand: Any) => boolean;

const same = (left: Any, right: Any): boolean => comparable(left) === comparable(right);

function comparable(value: Any): unknown {
  if (value instanceof Date) return value.getTime();
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : (value as unknown);
}

/** Values of different kinds are never in an order. */
const ordered =
  (test: (left: number, right: number) => boolean): Test =>
  (value, operand) =>
    typeof comparable(value) === typeof comparable(operand) &&
    test(comparable(value) as number, comparable(operand) as number);

const OPERATORS: Record<string, Test> = {
  $eq: same,
  $ne: (value, operand) => !same(value, operand),
  $neq: (value, operand) => !same(value, operand),
  $gt: ordered((left, right) => left > right),
  $gte: ordered((left, right) => left >= right),
  $lt: ordered((left, right) => left < right),
  $lte: ordered((left, right) => left <= right),
  $in: (value, operand: Any[]) => operand.some((item) => same(value, item)),
  $nin: (value, operand: Any[]) => !operand.some((item) => same(value, item)),
  $exists: (value, operand) => (value !== undefined) === operand,
  $not: (value, operand) => !holds(value, operand),
};

/** The value at a path such as `a.b`. */
export function valueAt(document: Any, path: string): Any {
  return path.split('.').reduce((value: Any, key) => value?.[key] as unknown, document);
}

function holds(value: Any, condition: Any): boolean {
  const isOperators =
    condition !== null &&
    typeof condition === 'object' &&
    Object.keys(condition as object).some((key) => key.startsWith('$'));
  if (!isOperators) return same(value, condition);
  return Object.entries(condition as Record<string, Any>).every(([name, operand]) => {
    if (name === '$and') return (operand as Any[]).every((part) => holds(value, part));
    if (name === '$or') return (operand as Any[]).some((part) => holds(value, part));
    const test = OPERATORS[name];
    if (!test) throw new CloudError('DATABASE_INVALID_OPERRATOR', `unknown operator ${name}`);
    return test(value, operand);
  });
}

/** Whether a document fits a query. @throws CloudError for an operator that is not known here */
export function matches(document: Any, query: Record<string, Any>): boolean {
  return Object.entries(query).every(([path, condition]) => {
    if (path === '$and') return (condition as Any[]).every((part) => matches(document, part));
    if (path === '$or') return (condition as Any[]).some((part) => matches(document, part));
    return holds(valueAt(document, path), condition);
  });
}
