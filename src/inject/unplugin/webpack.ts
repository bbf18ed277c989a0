import type { PluginOptions } from './build';
import { injectBuild } from './build';

interface Source {
  source(): string | Buffer;
}

/** The part of the compiler of webpack 5 and Rspack that is used. */
interface Compiler {
  context: string;
  webpack: {
    sources: { RawSource: new (text: string) => Source };
    Compilation: { PROCESS_ASSETS_STAGE_SUMMARIZE: number };
  };
  hooks: { thisCompilation: { tap(name: string, listener: (compilation: Compilation) => void): void } };
}

interface Compilation {
  hooks: { processAssets: { tap(options: { name: string; stage: number }, listener: () => void): void } };
  getAsset(path: string): { source: Source } | undefined | void;
  updateAsset(path: string, source: Source): void;
  warnings: Error[];
  emitAsset(path: string, source: Source, info: { minimized: boolean }): void;
}

/** The part of the compiler of webpack 4 that is used. */
interface Compiler4 {
  context: string;
  webpack?: undefined;
  hooks: { emit: { tap(name: string, listener: (compilation: Compilation4) => void): void } };
}

interface Compilation4 {
  assets: Record<string, Source & { size(): number }>;
  warnings: Error[];
}

/** Edits the output of webpack 4 and 5 and of Rspack, behind the minifier and the source maps. */
export function applyToCompiler(compiler: Compiler | Compiler4, name: string, options: PluginOptions): void {
  if (!compiler.webpack) return applyToCompiler4(compiler, name, options);
  const { sources, Compilation } = compiler.webpack;
  const stage = Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE;
  compiler.hooks.thisCompilation.tap(name, (compilation) => {
    compilation.hooks.processAssets.tap({ name, stage }, () => {
      const read = (path: string) => compilation.getAsset(path)?.source.source().toString();
      const write = (path: string, text: string) => {
        const source = new sources.RawSource(text);
        if (compilation.getAsset(path)) compilation.updateAsset(path, source);
        // `minimized` keeps a later minifier off the injected file.
        else compilation.emitAsset(path, source, { minimized: true });
      };
      const has = (path: string) => Boolean(compilation.getAsset(path));
      const warn = (text: string) => void compilation.warnings.push(new Error(`${name}: ${text}`));
      injectBuild({ has, read, write, warn }, compiler.context, options);
    });
  });
}

function applyToCompiler4(compiler: Compiler4, name: string, options: PluginOptions): void {
  compiler.hooks.emit.tap(name, ({ assets, warnings }) => {
    const has = (path: string) => Object.hasOwn(assets, path);
    const read = (path: string) => (has(path) ? assets[path].source().toString() : undefined);
    const write = (path: string, text: string) => {
      assets[path] = { source: () => text, size: () => Buffer.byteLength(text) };
    };
    const warn = (text: string) => void warnings.push(new Error(`${name}: ${text}`));
    injectBuild({ has, read, write, warn }, compiler.context, options);
  });
}
