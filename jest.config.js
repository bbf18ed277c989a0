// Tests of what ships run the built files, so `npm test` builds first (pretest).
module.exports = {
  testEnvironment: 'node',
  // The only limit of time, for builds of frameworks too: no test measures time, and on a machine that is busy a quick
  // one can take minutes. What waits for something says earlier what was missing: test/support/until.ts.
  testTimeout: 300_000,
  // Many tests wait for a process, a browser or a clock: with jest's own choice two cores run one file at a time.
  maxWorkers: '100%',
  // A worker that runs many files holds more than 4 GB in the end, and one file of test/hostile alone takes more than one:
  // one that has this much after a file is replaced.
  workerIdleMemoryLimit: '700MB',
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
