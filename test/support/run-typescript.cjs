/** Lets Node run the project's TypeScript without a build: `node --require ./test/support/run-typescript.cjs FILE.ts`. */
const { transformFileSync } = require('@swc/core');

const OPTIONS = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, OPTIONS).code, file);
