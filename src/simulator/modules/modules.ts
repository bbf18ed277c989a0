import { toRealm } from '../realm/realm';
import type { Realm } from '../realm/realm';
import type { Any } from '../types';
import { findInstalled, isInstalled, scriptAt, upwards } from './packages';
import { toScript } from './transform';

/** Reads files for the module loader; `node/files.ts` does it with node:fs. */
export interface ModuleFiles {
  read(file: string): string;
  exists(file: string): boolean;
  isFolder(path: string): boolean;
  /** Absolute form of a path, or of `path` seen from a folder. */
  resolve(...parts: string[]): string;
  dirname(file: string): string;
  /** Whether a path lies below a folder. */
  inside(folder: string, path: string): boolean;
}

/** Names that page code must not reach: parameters without an argument (protocol 10). */
const SHADOWED = [
  'window',
  'document',
  'frames',
  'self',
  'location',
  'top',
  'parent',
  'navigator',
  'localStorage',
  'history',
  'Caches',
  'screen',
  'alert',
  'confirm',
  'prompt',
  'XMLHttpRequest',
  'WebSocket',
];

interface Module {
  exports: Any;
}

/** What differs between the modules of the host and those of a plugin. */
export interface ModuleScope {
  /** Further parameters of every module, for example a plugin's own `wx`. */
  given: Record<string, unknown>;
  /** Folder that a module in it cannot look out of. */
  root?: string;
  /** app.json's resolveAlias: folders seen from the root by prefix, each with `*` at its end. */
  aliases?: Record<string, string>;
  /** A module that threw is not run again: `require` returns its half-filled exports (protocol 12.4). */
  keepsBroken: boolean;
  /** The error text for a module that is not there. */
  missing(name: string, request: string): string;
}

/** The host's define / require: scripts, ES modules and TypeScript, each run once as CommonJS. */
export class Modules {
  private readonly loaded = new Map<string, Module>();
  readonly scope: ModuleScope;

  constructor(
    private readonly realm: Realm,
    private readonly files: ModuleFiles,
    scope: ModuleScope,
  ) {
    this.scope = { ...scope };
  }

  /** Runs a file as a user module, once. @returns its exports */
  load(file: string): Any {
    const path = this.files.resolve(file);
    const before = this.loaded.get(path);
    if (before) return before.exports;
    if (!this.files.exists(path)) {
      throw new Error(`Failed to load ${path}: there is no such file. Build it first or correct the path.`);
    }
    const { Object: RealmObject } = this.realm.intrinsics;
    const module = Object.assign(new RealmObject(), { exports: new RealmObject() as Any });
    this.loaded.set(path, module);
    try {
      const { given } = this.scope;
      const names = ['require', 'module', 'exports', ...Object.keys(given)];
      const run = this.realm.compile(this.scriptOf(path), withShadowed(names), path);
      const require = this.requireFrom(this.files.dirname(path));
      run.call(undefined, require, module, module.exports, ...Object.values(given));
    } catch (error) {
      if (!this.scope.keepsBroken) this.loaded.delete(path);
      throw toRealm(this.realm, error);
    }
    return module.exports;
  }

  /**
   * A file of the mini-program by its path without extension: `.js`, or the `.ts` that it is made of.
   */
  file(...parts: string[]): string {
    const path = this.files.resolve(...parts);
    return scriptNamed(this.files, path) ?? `${path}.js`;
  }

  private scriptOf(path: string): string {
    const text = this.files.read(path);
    return path.endsWith('.json') ? `module.exports = ${text};` : toScript(text, path);
  }

  /** The same for a file that page code names: a missing one is an error of the loader. */
  loadAs(file: string): Any {
    if (this.files.exists(file)) return this.load(file) as unknown;
    const name = file.slice((this.scope.root ?? '').length).replace(/^[/\\\\]/, '');
    throw new this.realm.intrinsics.Error(this.scope.missing(name, name));
  }

  /** Runs source as the body of a function of page code, whose `require` looks in `folder`. */
  run(source: string, args: Record<string, unknown>, folder: string): Any {
    const all = { ...this.scope.given, ...args };
    const body = this.realm.compile(source, withShadowed(['require', ...Object.keys(all)]), 'run');
    return body.call(undefined, this.requireFrom(folder), ...Object.values(all));
  }

  private requireFrom(folder: string): (request: unknown) => Any {
    const make = this.realm.script(
      '(function (load) { return function require(id) { return load(id); }; })',
      'require',
    );
    return (make as (load: unknown) => (request: unknown) => Any)((request: unknown) => {
      if (typeof request !== 'string') throw new this.realm.intrinsics.Error('require args must be a string');
      const file = this.find(folder, request);
      if (!file) {
        throw new this.realm.intrinsics.Error(this.scope.missing(this.nameOf(folder, request), request));
      }
      return this.load(file);
    });
  }

  /** A module's name as the loader has it: its path from the root, with its extension. */
  private nameOf(folder: string, request: string): string {
    const name = request.endsWith('.js') ? request : `${request}.js`;
    const { root } = this.scope;
    const path = this.files.resolve(folder, name);
    if (root !== undefined && this.files.inside(root, path)) return path.slice(root.length + 1);
    return name.replace(/^(\.\.?\/)+/, '');
  }

  /** A path seen from the folder, or a package: of the nearest miniprogram_npm, or one that would be packed there. */
  private find(folder: string, request: string): string | undefined {
    const { files } = this;
    const { root } = this.scope;
    const confined = root !== undefined && files.inside(root, files.resolve(folder, 'file'));
    const reachable = (file: string | undefined): file is string =>
      file !== undefined && files.exists(file) && (!confined || files.inside(root as string, file));
    const beside = scriptNamed(files, this.aliased(request) ?? files.resolve(folder, request));
    if (reachable(beside)) return beside;
    if (request.startsWith('.') || request.startsWith('/')) {
      return isInstalled(folder) ? scriptAt(files, files.resolve(folder, request)) : undefined;
    }
    const built = upwards(files, folder)
      .map((at) => files.resolve(at, 'miniprogram_npm', request))
      .flatMap((path) => [files.resolve(path, 'index.js'), scriptNamed(files, path)])
      .find(reachable);
    return built ?? findInstalled(files, folder, request);
  }

  private aliased(request: string): string | undefined {
    const { aliases = {}, root = '' } = this.scope;
    const [prefix, target] =
      Object.entries(aliases)
        .map(([from, to]) => [from, to].map((pattern) => pattern.replace(/\*$/, '')) as [string, string])
        .find(([from]) => request.startsWith(from)) ?? [];
    if (prefix === undefined || target === undefined) return undefined;
    return this.files.resolve(root, target.replace(/^\//, ''), request.slice(prefix.length));
  }
}

/** The file that a request without or with extension means. */
function scriptNamed(files: ModuleFiles, path: string): string | undefined {
  const bare = path.replace(/\.js$/, '');
  return [`${bare}.js`, `${bare}.ts`].find((file) => files.exists(file));
}

const withShadowed = (names: string[]): string[] => [
  ...names,
  ...SHADOWED.filter((name) => !names.includes(name)),
];
