import { injectBuild } from './build';
import type { PluginOptions } from './build';

// What one bundler alone needs, as in the files of the others.

/** The part of Rollup's and Vite's bundle that is used. */
type Bundle = Record<
  string,
  | { type: 'chunk'; code: string; map?: { mappings: string } | null }
  | { type: 'asset'; source: string | Uint8Array }
>;

interface Context {
  warn(text: string): void;
  emitFile(file: { type: 'asset'; fileName: string; source: string }): void;
}

/** The hooks that Rollup, Rolldown and Vite share; `root` is asked when the bundle is there. */
export function rollupHooks(root: () => string, options: PluginOptions) {
  return {
    generateBundle: {
      order: 'post' as const,
      handler(this: Context, _output: unknown, bundle: Bundle): void {
        const read = (path: string) => {
          const file = Object.hasOwn(bundle, path) ? bundle[path] : undefined;
          return file && (file.type === 'chunk' ? file.code : Buffer.from(file.source).toString());
        };
        const write = (path: string, text: string) => {
          const file = Object.hasOwn(bundle, path) ? bundle[path] : undefined;
          if (!file) this.emitFile({ type: 'asset', fileName: path, source: text });
          else if (file.type === 'chunk') file.code = text;
          else file.source = text;
        };
        const warn = (text: string) => this.warn(text);
        injectBuild({ has: (path) => Object.hasOwn(bundle, path), read, write, warn }, root(), options);
      },
    },
  };
}
