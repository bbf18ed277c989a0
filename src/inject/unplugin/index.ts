import { createUnplugin } from 'unplugin';
import { checkOptions } from './build';
import type { PluginOptions } from './build';
import { applyToEsbuild } from './esbuild';
import type { EsbuildBuild } from './esbuild';
import { rollupHooks } from './rollup';
import { applyToCompiler } from './webpack';

export type { PluginOptions } from './build';

/** The plugin for each bundler, without the bundlers' types: nobody has all of them installed. */
export interface ServiceMarketPlugin {
  vite(options?: PluginOptions): { name: string };
  rollup(options?: PluginOptions): { name: string };
  rolldown(options?: PluginOptions): { name: string };
  webpack(options?: PluginOptions): { apply(compiler: never): void };
  rspack(options?: PluginOptions): { apply(compiler: never): void };
  esbuild(options?: PluginOptions): { name: string; setup(build: never): void };
}

const NAME = 'miniprogram-servicemarket';

/**
 * The injector as a plugin: it edits what the bundler is about to write, where a manifest has
 * `"servicemarket": true`.
 *
 * @throws InjectError for an unknown option
 *
 * @example
 * // vite.config.mjs
 * import { serviceMarket } from 'miniprogram-servicemarket/unplugin';
 * export default { plugins: [serviceMarket.vite()] };
 */
export const serviceMarket = createUnplugin<PluginOptions | undefined>((options = {}) => {
  checkOptions(options);
  let root = process.cwd();
  const hooks = rollupHooks(() => root, options);
  return {
    name: NAME,
    enforce: 'post',
    rollup: hooks,
    rolldown: hooks,
    vite: {
      ...hooks,
      apply: 'build',
      configResolved: (config: { root: string }) => void (root = config.root),
    },
    webpack: (compiler) => applyToCompiler(compiler as never, NAME, options),
    rspack: (compiler) => applyToCompiler(compiler as never, NAME, options),
    esbuild: { setup: (build) => applyToEsbuild(build as unknown as EsbuildBuild, options) },
  };
}) as unknown as ServiceMarketPlugin;
