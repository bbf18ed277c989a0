/** What the build makes, and how large it may be (bytes, minified and gzipped). */

export const CHANNELS = ['bridge', 'relay', 'cloud'];

/** Prebuilt injected files; the injector copies the smallest that holds the project's channels. */
export const VARIANTS = [
  ['bridge'],
  ['relay'],
  ['cloud'],
  ['bridge', 'relay'],
  ['bridge', 'cloud'],
  ['relay', 'cloud'],
  ['bridge', 'relay', 'cloud'],
];

export const BUDGETS = {
  'compat/bridge.min.js': 5400,
  'compat/bridge+relay.min.js': 6600,
};

export const NODE_ENTRIES = {
  cli: 'src/cli/index.ts',
  inject: 'src/inject/index.ts',
  relay: 'src/relay/index.ts',
  simulator: 'src/simulator/index.ts',
};

/** Packages that are bundled into the Node files: small, and not worth an install of their own. */
export const BUNDLED = ['acorn', 'commander', 'jsonc-parser'];
