import { injectBuild } from './build';
import type { PluginOptions } from './build';

interface Source {
  source(): string | Buffer;
}

/** The part of webpack's and Rspack's compiler that is used. */
export interface Compiler {
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

/** Runs behind the minifier and the source maps; `minimized` keeps a later minifier off the injected file. */
export function applyToCompiler(compiler: Compiler, name: string, options: PluginOptions): void {
  const { sources, Compilation } = compiler.webpack;
  const stage = Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE;
  compiler.hooks.thisCompilation.tap(name, (compilation) => {
    compilation.hooks.processAssets.tap({ name, stage }, () => {
      const read = (path: string) => compilation.getAsset(path)?.source.source().toString();
      const write = (path: string, text: string) => {
        const source = new sources.RawSource(text);
        if (compilation.getAsset(path)) compilation.updateAsset(path, source);
        else compilation.emitAsset(path, source, { minimized: true });
      };
      const has = (path: string) => Boolean(compilation.getAsset(path));
      const warn = (text: string) => void compilation.warnings.push(new Error(`${name}: ${text}`));
      injectBuild({ has, read, write, warn }, compiler.context, options);
    });
  });
}
