import { isWarning, type Spending } from '../../invocation';
import type { StoreLog } from './log';

/** Says once in a window that most of a budget is spent. @param used - units, with the one that was just taken */
export function warnOfBudget(log: StoreLog, spending: Spending, used: number): void {
  if (!isWarning(spending, used)) return;
  const { name, pair, user, max } = spending;
  log.warn('80 % of a budget is spent', { budget: name, of: pair, user, used, max });
}
