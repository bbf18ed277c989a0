import { bare, now } from './primordials';
import type { PluginPolicy, PluginQuestion, PluginRule } from '../types';

/** Whether a plugin's call is permitted; what the host's function gives, or throws, where that is asked. */
export type Check = (question: PluginQuestion) => unknown;

/** The policies in force, by plugin: one list for all copies of the package in the app. */
export type Checks = { [plugin: string]: Check };

const MINUTE = 60000;

/** The most that `perMinute` may be, as in the configuration's schema: so many times are kept. */
const MOST = 6000;

/**
 * Permits what the rule permits, and asks `next` about calls that it says nothing of.
 *
 * @throws Error for a `perMinute` over 6000, and for one below 0
 */
function withRule(rule: PluginRule, next: Check): Check {
  const { service, api, perMinute } = bare(rule);
  if (perMinute! > MOST) throw new Error('perMinute: 0 to ' + MOST);
  // The times of the last permitted calls, oldest at `at`. Nothing here can be intercepted by a prototype.
  // eslint-disable-next-line es-x/no-typed-arrays -- older than ES2015 on every host
  const times = perMinute !== undefined && new Float64Array(perMinute);
  let at = 0;
  return (question) => {
    if (question.service !== service || (api !== undefined && question.api !== api)) return next(question);
    if (times) {
      const time = now();
      const age = time - times[at];
      // Not a number where none is permitted; negative where the phone's clock was put back.
      if (!(age * age >= MINUTE * MINUTE)) return false;
      times[at] = time;
      at = (at + 1) % times.length;
    }
    return true;
  };
}

/** Makes a policy into the check that each call has to pass. What is no policy permits nothing. */
export function compilePolicy(policy: PluginPolicy): Check {
  if (typeof policy === 'function') return policy;
  let check: Check = () => policy === 'all';
  // Of what is no list but has a length, the parts name no service.
  for (let i = policy.length; i--;) check = withRule(policy[i] as PluginRule, check);
  return check;
}
