import type { Realm } from './realm';
import type { Any } from './types';

/** Reads files for the module loader; module-files.ts does it with node:fs. */
export interface ModuleFiles {
  read(file: string): string;
  exists(file: string): boolean;
  /** Absolute form of a path, or of `path` seen from a folder. */
  resolve(...parts: string[]): string;
  dirname(file: string): string;
}

/** Names that page code must not reach: parameters that are never given (protocol 10). */
const SHADOWED = [
  'window',
  'document',
  'frames',
  'self',
  'location',
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

/** The host's define / require: CommonJS files, each run once, seen from a root folder. */
export class Modules {
  private readonly loaded = new Map<string, Module>();

  constructor(
    private readonly realm: Realm,
    private readonly files: ModuleFiles,
  ) {}

  /** Runs a file as a user module, once, and gives its exports. */
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
      const run = this.realm.compile(
        this.files.read(path),
        ['require', 'module', 'exports', ...SHADOWED],
        path,
      );
      run.call(undefined, this.requireFrom(this.files.dirname(path)), module, module.exports);
    } catch (error) {
      this.loaded.delete(path);
      throw error;
    }
    return module.exports;
  }

  /** Runs text as the body of a function of page code; `folder` is where its `require` looks. */
  run(source: string, args: Record<string, unknown>, folder: string): Any {
    const names = Object.keys(args);
    const shadowed = SHADOWED.filter((name) => !names.includes(name));
    const body = this.realm.compile(source, ['require', ...names, ...shadowed], 'run');
    return body.call(undefined, this.requireFrom(folder), ...Object.values(args));
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
        const name = request.endsWith('.js') ? request : `${request}.js`;
        throw new this.realm.intrinsics.Error(
          `module '${name}' is not defined, require args is '${request}'`,
        );
      }
      return this.load(file);
    });
  }

  /** A path seen from the folder, or a package of the nearest miniprogram_npm. */
  private find(folder: string, request: string): string | undefined {
    const { files } = this;
    const name = request.endsWith('.js') ? request : `${request}.js`;
    const beside = files.resolve(folder, name);
    if (files.exists(beside)) return beside;
    if (request.startsWith('.') || request.startsWith('/')) return undefined;
    for (let at = folder; ; at = files.dirname(at)) {
      const inPackage = [
        files.resolve(at, 'miniprogram_npm', request, 'index.js'),
        files.resolve(at, 'miniprogram_npm', name),
      ];
      const found = inPackage.find((candidate) => files.exists(candidate));
      if (found || at === files.dirname(at)) return found;
    }
  }
}
