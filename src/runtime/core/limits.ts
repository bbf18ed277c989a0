import { LIMITS, MAX_TRANSFERS } from '../../protocol';
import type { Limits } from '../../protocol';

/** Whether a limit may have a value: an integer, from 0 where an app can do without, and 10 transfers at most. */
export function isLimit(name: keyof Limits, value: any): boolean {
  // Without repeats and without a pause an app can do; any other limit of 0 would stop it.
  const min = name === 'repeats' || name === 'pollInterval' ? 0 : 1;
  const max = name === 'transfers' ? MAX_TRANSFERS : Infinity;
  return typeof value === 'number' && value % 1 === 0 && value >= min && value <= max;
}

/** @throws Error that names a limit which is unknown or may not have its value */
export function checkLimits(limits: Partial<Limits> | undefined): void {
  Object.keys(Object(limits)).forEach((name) => {
    if (!(name in LIMITS) || !isLimit(name as keyof Limits, (limits as any)[name]))
      throw new Error('configure: limits.' + name + ' is no limit or out of range');
  });
}
