import type { Any } from '../types';

/**
 * Whether a value has all that is expected of it: objects may have more fields, arrays not more items. Matchers of the
 * test runner, such as `expect.any(String)`, may stand anywhere. Apart, because all checks compare in this way.
 */
export function matches(actual: Any, expected: Any): boolean {
  if (typeof expected?.asymmetricMatch === 'function') return expected.asymmetricMatch(actual) as boolean;
  if (expected === null || typeof expected !== 'object') return Object.is(actual, expected);
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual) !== Array.isArray(expected)) {
    return false;
  }
  if (Array.isArray(expected) && (actual as unknown[]).length !== expected.length) return false;
  return Object.keys(expected as object).every((key) => matches(actual[key], expected[key]));
}
