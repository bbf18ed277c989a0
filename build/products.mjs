/** What the build makes, and how large it may be (bytes, minified and gzipped). */

export const CHANNELS = ['bridge', 'relay', 'cloud'];

/** The part of an injected file that lets plugins call on the host's resources. */
export const PLUGINS = 'plugins';

const CHANNEL_SETS = [
  ['bridge'],
  ['relay'],
  ['cloud'],
  ['bridge', 'relay'],
  ['bridge', 'cloud'],
  ['relay', 'cloud'],
  CHANNELS,
];

/** Prebuilt injected files; the injector copies the smallest that holds what the project is configured with. */
export const VARIANTS = CHANNEL_SETS.flatMap((channels) => [channels, [...channels, PLUGINS]]);

export const BUDGETS = {
  'compat/bridge.min.js': 5500,
  'compat/bridge+relay.min.js': 6700,
  'plugin.min.js': 1536,
};

/** How much larger than the same file without it a file may be for the plugin part. */
export const PLUGINS_BUDGET = 1024;

export const NODE_ENTRIES = {
  cli: 'src/cli/index.ts',
  inject: 'src/inject/index.ts',
  relay: 'src/relay/index.ts',
  simulator: 'src/simulator/index.ts',
};

/** Packages that are bundled into the Node files: small, and not worth an install of their own. */
export const BUNDLED = ['acorn', 'commander', 'jsonc-parser'];
