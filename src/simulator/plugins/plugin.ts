import type { Env } from '../host/env';
import { Modules } from '../modules/modules';
import type { ModuleFiles } from '../modules/modules';
import { toRealmFunction } from '../realm/realm';
import type { Any } from '../types';
import type { PluginDeclaration, PluginPackage } from './types';

/** What a plugin needs from its host. */
export interface PluginHost {
  env: Env;
  files: ModuleFiles;
  /** The host's own modules, for requireMiniProgram. */
  hostModules: Modules;
  makeWx(plugin: PluginPackage, declaration: PluginDeclaration): Any;
}

interface Manifest {
  publicComponents?: Record<string, string>;
  pages?: Record<string, string>;
  main?: string;
}

/** One packaged plugin: its own modules, global and wx in the host's realm (protocol 12.1 to 12.4). */
export class Plugin {
  readonly wx: Any;
  readonly appid: string;
  private readonly pages = new Map<string, Any>();
  private readonly modules: Modules;
  private readonly manifest: Manifest;
  private readonly newer: boolean;
  private loaded = false;
  private defining = '';

  constructor(
    private readonly host: PluginHost,
    private readonly plugin: PluginPackage,
    declaration: PluginDeclaration,
  ) {
    const { env, files } = host;
    this.appid = plugin.appid;
    this.newer = env.profile.generation === 'new';
    this.wx = host.makeWx(plugin, declaration) as unknown;
    this.manifest = JSON.parse(files.read(files.resolve(plugin.root, 'plugin.json'))) as Manifest;
    this.modules = new Modules(env.realm, files, {
      given: this.given(declaration),
      root: files.resolve(plugin.root),
      keepsBroken: this.newer,
      missing: (name) => `Plugin module "${name}" is not defined.`,
    });
  }

  /**
   * Runs the package's components and pages once. An error of one stops 2.11.0 there, and the next call
   * begins again; 2.30.3 on a phone logs it and goes on.
   */
  loadPackage(): void {
    if (this.loaded) return;
    const { publicComponents = {}, pages = {} } = this.manifest;
    for (const path of [...Object.values(publicComponents), ...Object.values(pages)]) this.loadPart(path);
    this.loaded = true;
  }

  /** The main file's exports; undefined without a main file. */
  main(): Any {
    this.loadPackage();
    const { main } = this.manifest;
    return main === undefined ? undefined : (this.modules.load(this.fileOf(main)) as unknown);
  }

  /** The argument of `Page()` in the file of a public page. */
  page(name: string): Any {
    this.loadPackage();
    return this.pages.get(this.manifest.pages?.[name] ?? '') as unknown;
  }

  /** Runs source as plugin code. */
  run(source: string, args: Record<string, unknown>): Any {
    return this.modules.run(source, args, this.host.files.resolve(this.plugin.root)) as unknown;
  }

  private loadPart(path: string): void {
    this.defining = path;
    try {
      this.modules.load(this.fileOf(path));
    } catch (error) {
      if (!this.newer || this.host.env.platform === 'devtools') throw error;
      this.host.env.log('error', error);
    }
  }

  private fileOf(path: string): string {
    const { files } = this.host;
    return files.resolve(this.plugin.root, path.endsWith('.js') ? path : `${path}.js`);
  }

  /** The parameters of every module of the plugin; undefined ones shadow the host's globals. */
  private given(declaration: PluginDeclaration): Record<string, unknown> {
    const { env, hostModules } = this.host;
    const { realm } = env;
    const give = (name: string, host: (...args: Any[]) => unknown): unknown =>
      toRealmFunction(realm, name, host) as unknown;
    const requireMiniProgram = give('requireMiniProgram', () =>
      declaration.export === undefined ? {} : hostModules.loadAs(declaration.export),
    );
    const own = {
      wx: this.wx as unknown,
      Page: give('Page', (options) => void this.pages.set(this.defining, options)),
      Component: give('Component', () => undefined),
      Behavior: give('Behavior', (options) => options as unknown),
      getCurrentPages: give('getCurrentPages', () => []),
      ...(env.profile.requireMiniProgram ? { requireMiniProgram } : {}),
    };
    return {
      global: Object.assign(new realm.intrinsics.Object(), own),
      App: undefined,
      getApp: undefined,
      Reporter: undefined,
      WeixinJSCore: undefined,
      ...own,
    };
  }
}
