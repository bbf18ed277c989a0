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
  'compat/bridge.min.js': 6300,
  'compat/bridge+relay+cloud.min.js': 9000,
  'plugin.js': 1600,
};

/** How much larger than the same file without it a file may be for the plugin part. */
export const PLUGINS_BUDGET = 1060;

/** Where the build keeps the runtime between its steps, lowered to ES5. */
export const ES5 = 'node_modules/.cache/es5';

export const NODE_ENTRIES = {
  cli: 'src/cli/index.ts',
  inject: 'src/inject/index.ts',
  openapi: 'src/openapi/index.ts',
  playground: 'src/playground/server/main.ts',
  relay: 'src/relay/index.ts',
  simulator: 'src/simulator/index.ts',
  'simulator-jest': 'src/simulator/assertions/jest.ts',
  unplugin: 'src/inject/unplugin/index.ts',
};

/** Where `tsc -b` writes the types of all sources. */
export const TYPES = '.cache/types';

/** What a page or a plugin imports: there is a CommonJS file of each and an ES module. */
export const RUNTIME_ENTRIES = ['index', 'plugin', 'browser'];

/** Packages that are bundled into the Node files: small, and not worth an install of their own. */
export const BUNDLED = [
  '@clack',
  '@jridgewell',
  '@rolldown/pluginutils',
  'commander',
  'fast-string-truncated-width',
  'fast-string-width',
  'fast-wrap-ansi',
  'jose',
  'js-tokens',
  'jsonc-parser',
  'lines-and-columns',
  'picomatch',
  'sax',
  'sisteransi',
  'sucrase',
  'ts-interface-checker',
  'unplugin',
  'webpack-virtual-modules',
];

/** The functions that owners upload, and what is in their folders beside the one script. */
export const FUNCTIONS = {
  'cloud-function': ['package.json', 'config.json', 'settings.json'],
  unicloud: ['package.json', 'settings.json'],
};

/** What goes into the package as it is: its place below dist, by where it stands. */
export const COPIES = {
  'src/inject/servicemarket.config.schema.json': 'servicemarket.config.schema.json',
  'src/relay/config/relay.config.schema.json': 'relay.config.schema.json',
  'src/typings/taro.d.ts': 'types/typings-taro.d.ts',
  ...Object.fromEntries(
    Object.entries(FUNCTIONS).flatMap(([name, files]) =>
      files.map((file) => [`src/functions/${name}/${file}`, `templates/${name}/${file}`]),
    ),
  ),
};

/** What the playground's page has beside its scripts. */
export const PLAYGROUND_FILES = {
  'src/playground/page/index.html': 'index.html',
  'src/playground/page/icon.svg': 'icon.svg',
  ...Object.fromEntries(
    ['base', 'layout', 'panels'].map((name) => [`src/playground/page/styles/${name}.css`, `${name}.css`]),
  ),
  'demo-miniprogram/sample.png': 'sample.png',
};
