import { RelayError } from './relay-error';

/** Calls of one service and interface that may be sent: of all users in an hour and a day, of one user in a day. */
export interface Budget {
  perHour?: number;
  perDay?: number;
  perUserPerDay?: number;
}

/** By `service/api`. */
export type Budgets = Readonly<Record<string, Budget>>;

/** What a call takes one unit of. */
export interface Spending {
  /** Which part of the budget. */
  name: keyof Budget;
  /** `service/api`. */
  pair: string;
  /** Keyed digest of the user, where it is each user's own. */
  user?: string;
  max: number;
  /** How long a unit stays spent; all windows of this length begin at the same times. */
  windowMs: number;
}

const WINDOWS_MS: Record<keyof Budget, number> = {
  perHour: 3_600_000,
  perDay: 86_400_000,
  perUserPerDay: 86_400_000,
};
/** Days are those of the platform, UTC+8. */
const OFFSET_MS = 8 * 3_600_000;
/** From this share on the owner is warned. */
const WARN_SHARE = 0.8;

/** @param call - `user` is the user's keyed digest */
export function spendingsOf(
  budgets: Budgets,
  { service, api, user }: { service: string; api: string; user: string },
): Spending[] {
  const pair = `${service}/${api}`;
  if (!Object.hasOwn(budgets, pair)) return [];
  return (Object.entries(budgets[pair]) as [keyof Budget, number | undefined][]).flatMap(([name, max]) => {
    if (max === undefined) return [];
    const whose = name === 'perUserPerDay' && { user };
    return { name, pair, ...whose, max, windowMs: WINDOWS_MS[name] };
  });
}

/** @param at - Unix ms @returns the number of the window, and when it ends, in Unix ms */
export function windowAt({ windowMs }: Spending, at: number): { index: number; endsAt: number } {
  const index = Math.floor((at + OFFSET_MS) / windowMs);
  return { index, endsAt: (index + 1) * windowMs - OFFSET_MS };
}

/** Whether this unit is the one at which the owner is to be warned. @param used - with it */
export function isWarning({ max }: Spending, used: number): boolean {
  return used === Math.ceil(max * WARN_SHARE);
}

/** @param waitMs - until the window ends */
export function budgetSpent({ name, pair, max }: Spending, waitMs: number): RelayError {
  const wait = Math.max(1, Math.ceil(waitMs / 1000));
  return new RelayError(
    429,
    `Failed to accept the call: the budget of ${pair} is spent ("${name}" is ${max}). Try again in ${wait} seconds.`,
    { retryAfter: wait, billing: 'none', reason: 'budget' },
  );
}
