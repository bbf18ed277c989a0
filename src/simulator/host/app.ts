import { callUser } from '../apis/callbacks';
import type { Plugins } from '../plugins/plugins';
import { toRealm, toRealmFunction } from '../realm/realm';
import type { Realm } from '../realm/realm';
import type { Any, App, Page } from '../types';
import type { Env } from './env';
import type { ModuleFiles, Modules } from './modules';
import { readProject } from './project';
import type { Project } from './project';

/** Runs a built mini-program: `App`, `Page`, `getApp`, `getCurrentPages`, and the page stack. */
export class AppRunner {
  private app?: App;
  private project?: Project;
  private readonly definitions = new Map<string, Any>();
  private readonly stack: Page[] = [];
  /** The page whose file is being run. */
  private defining = '';

  constructor(
    private readonly env: Env,
    private readonly modules: Modules,
    private readonly files: ModuleFiles,
    private readonly plugins: Plugins,
  ) {}

  /** Globals that page code uses. */
  globals(): Record<string, unknown> {
    const { realm } = this.env;
    const table: Record<string, (...args: Any[]) => unknown> = {
      App: (options: Any) => this.defineApp(options),
      Page: (options: Any) => void this.definitions.set(this.defining, options),
      ...(this.env.profile.components
        ? {
            Component: (options: Any) => this.defineComponent(options),
            Behavior: (options: Any) => options as unknown,
          }
        : {}),
      getApp: () => this.app?.instance as unknown,
      getCurrentPages: () => toRealm(realm, this.stack.slice()) as unknown,
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
    const project = readProject(this.files, projectDir);
    const { root, config } = project;
    this.project = project;
    this.app = { instance: undefined, config, root };
    this.modules.scope.root = root;
    this.addPlugins(project.plugins);
    this.modules.load(this.files.resolve(root, 'app.js'));
    for (const page of project.pages) this.definePage(page);
    const launch = { path: project.pages[0], query: {}, scene: 1001 };
    this.callMethod(this.app.instance, 'onLaunch', launch);
    this.callMethod(this.app.instance, 'onShow', launch);
    return this.app;
  }

  open(page: string, query: Record<string, string> = {}): Page {
    const { app } = this;
    if (!app) throw new Error(`Failed to open ${page}: no mini-program is running. Call boot() first.`);
    const path = page.replace(/^\//, '');
    const definition = this.definitionOf(path) as Any;
    if (!definition) {
      const known = [...this.definitions.keys()].join(', ');
      throw new Error(`Failed to open ${page}: there is no such page. Pages are ${known}.`);
    }
    this.callMethod(this.stack[this.stack.length - 1], 'onHide');
    const instance = this.instantiate(path, definition);
    this.stack.push(instance);
    this.callMethod(instance, 'onLoad', query);
    this.callMethod(instance, 'onShow');
    this.callMethod(instance, 'onReady');
    return instance;
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
    if (this.defining)
      this.definitions.set(this.defining, { ...options.methods, data: options.data as unknown });
  }

  private definePage(page: string): void {
    this.defining = page;
    this.modules.load(this.files.resolve((this.app as App).root, `${page}.js`));
    this.defining = '';
  }

  /** Runs the subpackage that holds a page: its plugins, its entry, then its pages. */
  private openPackageOf(path: string): void {
    const { root, subpackages } = this.project as Project;
    const found = subpackages.find(({ pages }) => pages.includes(path));
    if (!found) return;
    this.addPlugins(found.plugins);
    if (found.entry) this.modules.load(this.files.resolve(root, found.root, found.entry));
    for (const page of found.pages) this.definePage(page);
  }

  /** A page of the app, of a subpackage that is loaded for it, or `plugin://NAME/PAGE`. */
  private definitionOf(path: string): Any {
    const ofPlugin = /^plugin:\/\/([^/]+)\/(.+)$/.exec(path);
    if (ofPlugin) return this.plugins.named(ofPlugin[1] as string).page(ofPlugin[2] as string) as unknown;
    if (!this.definitions.has(path)) this.openPackageOf(path);
    return this.definitions.get(path) as unknown;
  }

  private instantiate(path: string, definition: Any): Page {
    const { realm } = this.env;
    const instance = Object.assign(new realm.intrinsics.Object(), definition) as Page;
    instance.route = path;
    instance.data = realm.intrinsics.JSON.parse(JSON.stringify(definition.data ?? {}));
    instance.setData = toRealmFunction(realm, 'setData', (change: Any, callback: unknown) => {
      setData(realm, instance.data, change);
      callUser(this.env, callback);
    });
    return instance;
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

/** Sets values at paths such as `list[0].name`; only JSON crosses to the view, as on the platform. */
function setData(realm: Realm, data: Any, change: Record<string, unknown>): void {
  for (const [path, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.');
    const last = keys.pop() as string;
    let target = data;
    for (const [index, key] of keys.entries()) {
      const next = keys[index + 1] ?? last;
      target[key] ??= /^\d+$/.test(next) ? new realm.intrinsics.Array() : new realm.intrinsics.Object();
      target = target[key];
    }
    target[last] = copied(realm, value);
  }
}

function copied(realm: Realm, value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : (realm.intrinsics.JSON.parse(text) as unknown);
}
