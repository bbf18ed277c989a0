export type { Counters } from './counters';
export { digest } from './digest';
export {
  Invoker,
  type Invocation,
  type InvokerOptions,
  type RunLimits,
  type Market,
  type Sent,
} from './invoker';
export { Limiter, type UserLimits } from './limits';
export { networkOf } from './network-of';
export { type Claim, type Claimant, type Outcome, OUTCOME_TTL_S, type Outcomes } from './outcomes';
export { prepareInvocation, type CallRules, type Services } from './prepare-invocation';
export { billingOf, errcodeOf, RelayError, storeFailed } from './relay-error';
export { Retries } from './retries';
export { retrieveResult } from './retrieve-result';
