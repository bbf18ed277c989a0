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

  /** `requirePlugin(name)`: runs the main file on the first call, gives its exports as they are. */
  require(name: unknown): Any {
    const { env } = this.host;
    if (typeof name !== 'string') throw new Error('requirePlugin args must be a string.');
    if (this.declared.size === 0) throw new Error('This application has not registered any plugins yet.');
    if (!name.startsWith(BY_APPID)) return this.find(name.split('/')[0] as string).main() as unknown;
    const plugin = this.byAppid(name.slice(BY_APPID.length));
    plugin.loadPackage();
    const give = env.realm.script('(function (main) { return function () { return main(); }; })') as (
      main: () => unknown,
    ) => unknown;
    return give(() => plugin.main() as unknown);
  }

  private get newer(): boolean {
    return this.host.env.profile.serviceMarket === 'scenes';
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
