/** Lets Node run the project's TypeScript without a build: `node --require ./test/support/run-typescript.cjs FILE.ts`. */
const { transformFileSync } = require('@swc/core');

const OPTIONS = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  // What only ES modules can load, such as the build's configuration, is imported as it is.
  module: { type: 'commonjs', ignoreDynamic: true },
  sourceMaps: 'inline',
};

require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, OPTIONS).code, file);
