// Tests of what ships run the built files, so `npm test` builds first (pretest).
module.exports = {
  testEnvironment: 'node',
  // No test measures time; on a machine that is busy a quick one can take many seconds.
  testTimeout: 30_000,
  // Many tests wait for a process, a browser or a clock: with jest's own choice two cores run one file at a time.
  maxWorkers: '100%',
  // A worker that runs many files holds more than 4 GB in the end: one that has this much is replaced.
  workerIdleMemoryLimit: '1.5GB',
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
