import { callUser } from '../apis/callbacks';
import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import { toRealm } from '../realm/realm';
import type { Any } from '../types';
import { Plugin } from './plugin';
import type { PluginHost } from './plugin';
import type { PluginDeclaration, PluginPackage } from './types';

const BY_APPID = 'plugin://';

/** The plugins of one app and `requirePlugin` (protocol 12.2 to 12.4). */
export class Plugins {
  private readonly declared = new Map<string, PluginDeclaration>();
  private readonly packaged = new Map<string, PluginPackage>();
  private readonly made = new Map<string, Plugin>();

  constructor(private readonly host: PluginHost) {}

  declare(name: string, declaration: PluginDeclaration): void {
    this.declared.set(name, declaration);
  }

  /** The plugin's code is now there; its components and pages run, its main does not. */
  add(plugin: PluginPackage): void {
    this.packaged.set(plugin.appid, plugin);
    try {
      this.byAppid(plugin.appid).loadPackage();
    } catch (error) {
      this.host.env.report(error);
    }
  }

  /** A declared plugin, for looking at it. @throws Error as requirePlugin does */
  named(name: string): Plugin {
    return this.find(name);
  }

  /** `requirePlugin(name)`: runs the main file on the first call. @returns its exports, unchanged */
  require(name: unknown): Any {
    const { env } = this.host;
    if (typeof name !== 'string') throw new Error('requirePlugin args must be a string.');
    if (this.declared.size === 0) throw new Error('This application has not registered any plugins yet.');
    if (!name.startsWith(BY_APPID)) return this.find(this.nameIn(name)).main() as unknown;
    const plugin = this.byAppid(name.slice(BY_APPID.length));
    plugin.loadPackage();
    const give = env.realm.script('(function (main) { return function () { return main(); }; })') as (
      main: () => unknown,
    ) => unknown;
    return give(() => plugin.main() as unknown);
  }

  private get newer(): boolean {
    return this.host.env.profile.generation === 'new';
  }

  /** Later libraries ignore what comes after a slash. */
  private nameIn(name: string): string {
    return reaches(this.host.env.profile, '2.8.3') ? (name.split('/')[0] as string) : name;
  }

  private find(name: string): Plugin {
    const declaration = this.declared.get(name) ?? (this.newer ? this.declarationOf(name) : undefined);
    if (!declaration) throw new Error(`Plugin "${name}" has not registered.`);
    const { provider } = declaration;
    const names = [...this.declared.values()].filter((other) => other.provider === provider);
    if (this.newer && names.length > 1) {
      throw new TypeError("Cannot read properties of undefined (reading 'plugin')");
    }
    return this.byAppid(provider);
  }

  private declarationOf(appid: string): PluginDeclaration | undefined {
    return [...this.declared.values()].find(({ provider }) => provider === appid);
  }

  private byAppid(appid: string): Plugin {
    const before = this.made.get(appid);
    if (before) return before;
    const plugin = this.packaged.get(appid);
    const declaration = this.declarationOf(appid);
    if (!plugin || !declaration) {
      const unknown = this.newer && !declaration;
      throw new Error(
        unknown ? `Plugin "${BY_APPID}${appid}" has not registered.` : `Plugin "${appid}/0" is not defined.`,
      );
    }
    const made = new Plugin(this.host, plugin, declaration);
    this.made.set(appid, made);
    return made;
  }
}

const SOURCE = `(function (load, loadAsync) {
  var requirePlugin = function requirePlugin(name, callback) {
    return loadAsync && typeof callback === 'function' ? loadAsync(name, callback) : load(name);
  };
  if (loadAsync) requirePlugin.async = function (name) { return loadAsync(name); };
  return requirePlugin;
})`;

/** The bare global `requirePlugin`; with a callback and `.async` from 2.30.3 on. Exports of plugins are returned unchanged. */
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
  return make(load, env.profile.generation === 'new' ? loadAsync : undefined);
}
