import { componentDefinition, pageDefinition } from '../pages/definition';
import type { PageDefinition } from '../pages/definition';
import type { OpenPage } from '../pages/page';
import type { PageStack } from '../pages/page-stack';
import type { Modules } from '../modules/modules';
import type { Plugins } from '../plugins/plugins';
import { toRealm, toRealmFunction } from '../realm/realm';
import type { Any, App } from '../types';
import { loadRuntime } from './compat';
import type { Env } from './env';
import { readProject } from './project';
import type { Project } from './project';

/** Runs a mini-program: `App`, `Page`, `getApp`, `getCurrentPages`, its packages and plugins. */
export class AppRunner {
  private app?: App;
  private project?: Project;
  private readonly definitions = new Map<string, PageDefinition>();
  /** The page whose file is being run. */
  private defining = '';

  constructor(
    private readonly env: Env,
    private readonly modules: Modules,
    private readonly plugins: Plugins,
    private readonly stack: PageStack,
  ) {
    stack.find = (path) => this.definitionOf(path);
  }

  /** Globals that page code uses. */
  globals(): Record<string, unknown> {
    const { realm } = this.env;
    const table: Record<string, (...args: Any[]) => unknown> = {
      App: (options: Any) => this.defineApp(options),
      Page: (options: Any) =>
        void this.definitions.set(this.defining, pageDefinition(options, this.defining)),
      ...(this.env.profile.components
        ? {
            Component: (options: Any) => this.defineComponent(options),
            Behavior: (options: Any) => options as unknown,
          }
        : {}),
      getApp: () => this.app?.instance as unknown,
      getCurrentPages: () =>
        toRealm(
          realm,
          this.stack.pages.map(({ instance }) => instance as unknown),
        ) as unknown,
    };
    const entries = Object.entries(table).map(([name, host]) => [
      name,
      toRealmFunction(realm, name, host) as unknown,
    ]);
    return Object.fromEntries(entries) as Record<string, unknown>;
  }

  /** Folder of the booted mini-program, where `run` requires from. */
  get root(): string | undefined {
    return this.app?.root;
  }

  boot(projectDir: string): App {
    if (this.app) {
      throw new Error('Failed to boot: this host runs a mini-program already. Create another host.');
    }
    const project = readProject(this.env.machine.files, projectDir);
    const { root, config } = project;
    this.project = project;
    this.app = { instance: undefined, config, root };
    this.modules.scope.root = root;
    this.modules.scope.aliases = config.resolveAlias as Record<string, string> | undefined;
    this.stack.tabs = ((config.tabBar?.list ?? []) as Any[]).map(({ pagePath }) => pagePath as string);
    this.addPlugins(project.plugins);
    loadRuntime(this.env, this.modules, project);
    this.modules.load(this.modules.file(root, 'app'));
    for (const page of project.pages) this.definePage(page);
    const launch = { path: project.pages[0], query: {}, scene: 1001 };
    this.callMethod(this.app.instance, 'onLaunch', launch);
    this.callMethod(this.app.instance, 'onShow', launch);
    return this.app;
  }

  /** Opens a page on top of the others. */
  open(page: string, query: Record<string, string> = {}): OpenPage {
    const { app } = this;
    if (!app && this.env.options.project !== undefined) {
      this.boot(this.env.options.project);
      return this.open(page, query);
    }
    if (!app) throw new Error(`Failed to open ${page}: no mini-program is running. Call boot() first.`);
    const path = page.replace(/^\//, '');
    const definition = this.definitionOf(path);
    if (!definition) {
      const known = [...this.definitions.keys()].join(', ');
      throw new Error(`Failed to open ${page}: there is no such page. Pages are ${known}.`);
    }
    return this.stack.push(path, definition, query);
  }

  /** onShow or onHide of the app. */
  tell(lifecycle: 'onShow' | 'onHide'): void {
    this.callMethod(this.app?.instance, lifecycle);
  }

  /** Declares a package's plugins; those whose code is at hand run their components and pages. */
  private addPlugins(declared: Project['plugins']): void {
    const { ownPlugin } = this.project as Project;
    for (const [name, declaration] of Object.entries(declared)) this.plugins.declare(name, declaration);
    for (const { provider, version } of Object.values(declared)) {
      const own = version === 'dev' && ownPlugin ? { ...ownPlugin, appid: provider } : undefined;
      const packaged = this.env.options.plugins?.find(({ appid }) => appid === provider) ?? own;
      if (packaged) this.plugins.add(packaged);
    }
  }

  private defineApp(options: Any): void {
    if (this.app) this.app.instance = options;
  }

  /** A page may be written as a component; other components have no part in this host. */
  private defineComponent(options: Any): void {
    if (this.defining) this.definitions.set(this.defining, componentDefinition(options, this.defining));
  }

  private definePage(page: string): void {
    this.defining = page;
    this.modules.load(this.modules.file((this.app as App).root, page));
    this.defining = '';
  }

  /** Runs the subpackage that holds a page: its plugins, its entry, then its pages. */
  private openPackageOf(path: string): void {
    const { root, subpackages } = this.project as Project;
    const found = subpackages.find(({ pages }) => pages.includes(path));
    if (!found) return;
    this.addPlugins(found.plugins);
    if (found.entry) this.modules.load(this.modules.file(root, found.root, found.entry));
    for (const page of found.pages) this.definePage(page);
  }

  /** A page of the app, of a subpackage that is loaded for it, or `plugin://NAME/PAGE`. */
  private definitionOf(path: string): PageDefinition | undefined {
    const ofPlugin = /^plugin:\/\/([^/]+)\/(.+)$/.exec(path);
    if (ofPlugin) {
      const options = this.plugins.named(ofPlugin[1] as string).page(ofPlugin[2] as string) as unknown;
      return options ? pageDefinition(options, path) : undefined;
    }
    if (!this.definitions.has(path)) this.openPackageOf(path);
    return this.definitions.get(path);
  }

  private callMethod(target: Any, name: string, argument?: unknown): void {
    if (typeof target?.[name] !== 'function') return;
    try {
      target[name](toRealm(this.env.realm, argument));
    } catch (error) {
      this.env.report(error);
    }
  }
}
