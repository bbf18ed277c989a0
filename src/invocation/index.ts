export { type Budgets, budgetSpent, isWarning, type Spending, spendingsOf, windowAt } from './budgets';
export type { CallEnd } from './call-end';
export type { Counters } from './counters';
export { digest } from './digest';
export { readIntendedBytes, requireIntendedBytes } from './intended-bytes';
export { Invoker, type RunLimits, type Market, type Sent } from './invoker';
export { countValues } from './json-scan';
export { DEFAULT_LIMITS, Limiter, type UserLimits } from './limits';
export { networkOf } from './network-of';
export {
  type Claim,
  type Claimant,
  type Outcome,
  ORPHAN_TTL_S,
  OUTCOME_TTL_S,
  type Outcomes,
} from './outcomes';
export { prepareInvocation, type CallRules, type Services } from './prepare-invocation';
export { billingOf, errcodeOf, RelayError, type RelayErrorDetails, storeFailed } from './relay-error';
export { Retries } from './retries';
export { type ResultWatch, retrieveResult } from './retrieve-result';
