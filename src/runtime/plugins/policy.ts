import { now, OwnPromise } from './intrinsics';
import type { PluginPolicy, PluginRule } from './types';

/** Whether a plugin's call is permitted; a promise where the host's function is asked. */
export type Check = (service: unknown, api: unknown) => boolean | Promise<boolean>;

/** The policies in force, by plugin: one list for all copies of the package in the app. */
export type Checks = { [plugin: string]: Check };

const MINUTE = 60000;

/** Permits what the rule permits, and asks `next` about calls that it says nothing of. */
function withRule(rule: PluginRule, next: Check): Check {
  const { service, api, perMinute } = rule;
  // The times of the last permitted calls, oldest at `at`. Nothing here can be intercepted by a prototype.
  // eslint-disable-next-line es-x/no-typed-arrays -- older than ES2015 on every host
  const times = perMinute === undefined ? undefined : new Float64Array(perMinute);
  let at = 0;
  return (itsService, itsApi) => {
    if (itsService !== service || (api !== undefined && itsApi !== api)) return next(itsService, itsApi);
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

/**
 * Makes a policy into the question that each call asks. What is no policy permits nothing.
 *
 * @param plugin - the plugin's name
 */
export function compilePolicy(plugin: string, policy: PluginPolicy): Check {
  if (typeof policy === 'function') {
    return (service, api) => new OwnPromise((resolve) => resolve(policy({ plugin, service, api })));
  }
  let check: Check = () => policy === 'all';
  for (let i = policy === 'all' ? 0 : policy.length; i--;) check = withRule(policy[i] as PluginRule, check);
  return check;
}
