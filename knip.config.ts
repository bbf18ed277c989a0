import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'src/{cli,inject,inject/unplugin,openapi,relay,simulator}/index.ts',
    'src/simulator/assertions/{jest,vitest}.ts',
    'src/playground/{server/main,page/main,engine/index,engine/phone/index}.ts',
    'src/playground/examples/*/**/*.js',
    'build/{playground,screenshots}.mjs',
    'src/functions/{cloud-function,unicloud}/index.ts',
    // What rollup makes the injected files and the imported one from.
    'src/runtime/{auto,browser,exports,index,plugin}.ts',
    'src/runtime/plugins/{host,guest}/auto.ts',
    // Loaded by name: by a mini-program host, as a worker, by hand.
    'demo-miniprogram/{,plugin/,plugin-host/}miniprogram/{app,pages/**/*}.js',
    'demo-miniprogram/plugin/plugin/**/*.js',
    'demo-miniprogram/{run,provider/quiet-worker}.js',
    'demo-miniprogram/sample/make-sample.js',
    'build/list-platform-members.mjs',
    'docs/.vitepress/{config,theme/index}.mts',
    // Run by hand.
    'build/lock-demo.mjs',
    'bench/{run,*/run,attacks/attacker,servers/*,harness/{one-metric,memory-probe}}.mjs',
    'bench/capacity.js',
    // Run by tests in a process of their own.
    'test/inject/kill/support/*.cjs',
    'test/docs/support/parse-diagrams.mjs',
    'test/mutation/{mutate,judge-worker,failing-fast,record-functions}.ts',
    'test/typings/cases/**/*.ts',
    // Made into a page by a test.
    'test/simulator/support/in-chromium/page/*.ts',
    // Types only.
    'src/typings/index.ts',
  ],
  // Projects of their own, whose manifests say what they depend on, and what runs on a loader of its own.
  ignore: ['bench/conformance/in-engine/**', 'test/fixtures/**', 'test/toolchain/*/**'],
  typescript: { config: ['tsconfig.json', 'build/tsconfig.runtime.json', 'test/typings/tsconfig.*.json'] },
  // A type that an exported function names is exported for its reader.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // The examples stand beside the demo's own files in the playground's phone.
  ignoreUnresolved: ['../../utils/describe-error'],
  ignoreDependencies: [
    // Made by rollup.
    'playground',
    // Parts of jest, which the runner of mutants puts together.
    '@jest/types',
    'jest-environment-node',
    // Read by its path, for a page.
    'axe-core',
    // Read by the compilers of test/typings, beside the packed package.
    '@types/wechat-miniprogram',
    'minigame-api-typings',
    // Installed beside the cloud function, by its own package.json.
    'wx-server-sdk',
    // Run by build/docs.mjs, or loaded by what it runs.
    'typedoc',
    'typedoc-plugin-markdown',
    // Only their size is measured, as files.
    '@cloudbase/adapter-wx_mp',
    'abortcontroller-polyfill',
    'axios-miniprogram-adapter',
    'promise-polyfill',
  ],
  // Installed by .ci/run, or of the system; tests that need them say so where they are missing.
  ignoreBinaries: ['redis-server', 'mount', 'umount', 'systemd-analyze'],
};

export default config;
