// Tests of what ships run the built files, so `npm test` builds first (pretest).
const { availableParallelism } = require('node:os');

module.exports = {
  testEnvironment: 'node',
  // The only limit of time, for builds of frameworks too: no test measures time, and on a machine that is busy a quick
  // one can take minutes. What waits for something says earlier what was missing: test/support/until.ts.
  testTimeout: 300_000,
  // Many tests wait for a process, a browser or a clock: with jest's own choice two cores run one file at a time.
  maxWorkers: Math.max(2, availableParallelism()),
  // 0: each file gets a process of its own. In one that has run other files, large data took several times the memory, up
  // to the engine's limit of 4 GB.
  workerIdleMemoryLimit: 0,
  setupFilesAfterEnv: ['<rootDir>/test/support/cleanup.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: [
    '<rootDir>/test/(toolchain|fixtures)/.*/node_modules',
    // The functions' package.json files have the names that their clouds want.
    '<rootDir>/(dist/templates|src/functions)/.*/package\\.json',
  ],
  transformIgnorePatterns: ['/node_modules/(?!js-tokens/)'],
  transform: {
    // js-tokens is an ES module only.
    '^.+\\.ts$|/node_modules/js-tokens/.+\\.js$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
};
