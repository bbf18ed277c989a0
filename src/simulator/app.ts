import { callUser } from './callbacks';
import type { Env } from './env';
import type { Modules, ModuleFiles } from './modules';
import { toRealm, toRealmFunction } from './realm';
import { setData } from './set-data';
import type { Any, App, Page } from './types';

/** What runs a built mini-program: `App`, `Page`, `getApp`, `getCurrentPages`, and the page stack. */
export class AppRunner {
  private app?: App;
  private readonly definitions = new Map<string, Any>();
  private readonly stack: Page[] = [];
  /** The page whose file is being run. */
  private defining = '';

  constructor(
    private readonly env: Env,
    private readonly modules: Modules,
    private readonly files: ModuleFiles,
  ) {}

  /** Globals that page code uses. */
  globals(): Record<string, unknown> {
    const { realm } = this.env;
    const table: Record<string, (...args: Any[]) => unknown> = {
      App: (options: Any) => this.defineApp(options),
      Page: (options: Any) => void this.definitions.set(this.defining, options),
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
    if (this.app)
      throw new Error('Failed to boot: this host runs a mini-program already. Create another host.');
    const root = this.miniprogramRoot(projectDir);
    const configFile = this.files.resolve(root, 'app.json');
    if (!this.files.exists(configFile)) {
      throw new Error(
        `Failed to boot ${projectDir}: there is no app.json. Give the folder that DevTools opens.`,
      );
    }
    const config = JSON.parse(this.files.read(configFile)) as Any;
    this.app = { instance: undefined, config, root };
    this.modules.load(this.files.resolve(root, 'app.js'));
    for (const page of config.pages as string[]) this.definePage(page);
    const launch = { path: config.pages[0] as string, query: {}, scene: 1001 };
    this.callMethod(this.app.instance, 'onLaunch', launch);
    this.callMethod(this.app.instance, 'onShow', launch);
    return this.app;
  }

  open(page: string, query: Record<string, string> = {}): Page {
    const { app } = this;
    if (!app) throw new Error(`Failed to open ${page}: no mini-program is running. Call boot() first.`);
    const path = page.replace(/^\//, '');
    if (!this.definitions.has(path)) this.openPackageOf(path);
    const definition = this.definitions.get(path) as Any;
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

  private miniprogramRoot(projectDir: string): string {
    const projectFile = this.files.resolve(projectDir, 'project.config.json');
    if (!this.files.exists(projectFile)) return this.files.resolve(projectDir);
    const { miniprogramRoot = '' } = JSON.parse(this.files.read(projectFile)) as { miniprogramRoot?: string };
    return this.files.resolve(projectDir, miniprogramRoot);
  }

  private defineApp(options: Any): void {
    if (this.app) this.app.instance = options;
  }

  private definePage(page: string): void {
    this.defining = page;
    this.modules.load(this.files.resolve((this.app as App).root, `${page}.js`));
    this.defining = '';
  }

  /** Runs the subpackage that holds a page: its entry first, then its pages. */
  private openPackageOf(path: string): void {
    const { config, root } = this.app as App;
    const packages = (config.subPackages ?? config.subpackages ?? []) as {
      root: string;
      pages: string[];
      entry?: string;
    }[];
    const found = packages.find(({ root: folder, pages }) =>
      pages.some((page) => joined(folder, page) === path),
    );
    if (!found) return;
    if (found.entry) this.modules.load(this.files.resolve(root, found.root, found.entry));
    for (const page of found.pages) this.definePage(joined(found.root, page));
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

const joined = (folder: string, page: string): string => `${folder.replace(/^\/|\/$/g, '')}/${page}`;
