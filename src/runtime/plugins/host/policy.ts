import { MAX_PER_MINUTE } from '../../../protocol';
import type { PluginPolicy, PluginQuestion, PluginRule } from '../types';
import { now, withoutPrototype } from './primordials';

/** Whether a plugin's call is permitted; the result of the host's function, or its throw, where that is asked. */
export type Check = (question: PluginQuestion) => unknown;

/** The policies in force, by plugin: one list for all copies of the package in the app. */
export type Checks = { [plugin: string]: Check };

const MINUTE_MS = 60000;

/**
 * Permits the calls that the rule permits, and asks `next` about calls that it does not mention.
 *
 * @throws Error for a `perMinute` over 6000, and for one below 0
 */
function withRule(rule: PluginRule, next: Check): Check {
  const { service, api, perMinute } = withoutPrototype(rule);
  if (perMinute! > MAX_PER_MINUTE) throw new Error('perMinute: 0 to ' + MAX_PER_MINUTE);
  // The times of the last permitted calls, oldest at `oldest`. Not an Array, whose setters a plugin could define.
  // eslint-disable-next-line es-x/no-typed-arrays -- older than ES2015 on every host
  const times = perMinute !== undefined && new Float64Array(perMinute);
  let oldest = 0;
  return (question) => {
    if (question.service !== service || (api !== undefined && question.api !== api)) return next(question);
    if (times) {
      const time = now();
      // NaN where none is permitted.
      const age = time - times[oldest];
      // A negative age counts as long ago: the phone's clock was put back.
      const isFree = age >= MINUTE_MS || age <= -MINUTE_MS;
      if (!isFree) return false;
      times[oldest] = time;
      oldest = (oldest + 1) % times.length;
    }
    return true;
  };
}

/** Makes a policy into the check that each call has to pass. Anything that is no policy permits nothing. */
export function compilePolicy(policy: PluginPolicy): Check {
  if (typeof policy === 'function') return policy;
  let check: Check = () => policy === 'all';
  // A string has a length too; its characters have no `service`, so it permits nothing.
  for (let i = policy.length; i--;) check = withRule(policy[i] as PluginRule, check);
  return check;
}
