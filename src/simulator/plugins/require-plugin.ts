import { callUser } from '../callbacks';
import type { Env } from '../env';
import { toRealm } from '../realm';
import type { Any } from '../types';
import type { Plugins } from './plugins';

const SOURCE = `(function (load, loadAsync) {
  var requirePlugin = function requirePlugin(name, callback) {
    return loadAsync && typeof callback === 'function' ? loadAsync(name, callback) : load(name);
  };
  if (loadAsync) requirePlugin.async = function (name) { return loadAsync(name); };
  return requirePlugin;
})`;

/** The bare global `requirePlugin`; with a callback and `.async` from 2.30.3 on. What plugins give is not touched. */
export function requirePluginGlobal(env: Env, plugins: Plugins): unknown {
  const load = (name: unknown): Any => {
    try {
      return plugins.require(name) as unknown;
    } catch (error) {
      throw toRealm(env.realm, error);
    }
  };
  const loadAsync = (name: unknown, callback: unknown): unknown => {
    if (callback === undefined) {
      return new env.realm.intrinsics.Promise<unknown>((resolve) => resolve(load(name)));
    }
    const exported = load(name) as unknown;
    env.clock.setTimer(() => callUser(env, callback, exported), 0, 'requirePlugin');
    return undefined;
  };
  const make = env.realm.script(SOURCE, 'require-plugin') as (...parts: unknown[]) => unknown;
  return make(load, env.profile.serviceMarket === 'scenes' ? loadAsync : undefined);
}
