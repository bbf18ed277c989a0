import type { KnipConfig } from 'knip';
import { NODE_ENTRIES } from './build/products.mjs';

const config: KnipConfig = {
  entry: [
    ...Object.values(NODE_ENTRIES),
    // What rollup makes the injected files and the imported one from.
    'src/runtime/{auto,browser,exports,index,plugin}.ts',
    'src/runtime/plugins/{,guest/}auto.ts',
    'typings/index.d.ts',
    // Loaded by name: by a mini-program host, as a worker, by hand.
    'demo-miniprogram/miniprogram/app.js',
    'demo-miniprogram/miniprogram/pages/**/*.js',
    'demo-miniprogram/provider/quiet-worker.js',
    'demo-miniprogram/sample/make-sample.js',
    // Run by hand.
    'bench/{run,*/run}.mjs',
    'test/relay/capacity.js',
    // Run by tests in a process of their own.
    'test/inject/kill/*.cjs',
    'test/typings/{cases,broken}/*.ts',
  ],
  // Projects of their own, whose manifests say what they depend on, and what runs on a loader of its own.
  ignore: [
    'bench/conformance/in-engine/**',
    'src/relay/templates/**',
    'test/fixtures/**',
    'test/toolchain/*/**',
  ],
  typescript: { config: ['tsconfig.json', 'build/tsconfig.*.json', 'test/typings/tsconfig.*.json'] },
  // A type that an exported function names is exported for its reader.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Run by .ci/run.
  ignoreDependencies: ['publint'],
  // Installed by .ci/run; tests that need it say so where it is missing.
  ignoreBinaries: ['redis-server'],
};

export default config;
