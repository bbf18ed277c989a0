import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import { toRealmFunction } from '../realm/realm';
import type { Any } from '../types';
import members from './platform-members.json';

/**
 * Puts in what the platform's `wx` of this base library has and the simulator has not: functions that say so when they
 * are called. Page code that asks whether they are there goes on as on the platform. Apart from the members that are there,
 * one file of which is opened for each.
 */
export function refuseMissing(env: Env, wx: Any): void {
  const known = Object.entries(members)
    .filter(([version]) => reaches(env.profile, version))
    .flatMap(([, names]) => names.split(' '));
  for (const name of known.filter((one) => !(one in wx))) {
    const refuse = toRealmFunction(env.realm, name, () => {
      throw new Error(
        `Failed to call wx.${name}: the simulator does not have it. Give it what your page needs: createHost({ wx: { ${name}: … } }).`,
      );
    }) as unknown;
    Object.defineProperty(wx, name, { value: refuse, writable: true, configurable: true });
  }
}
