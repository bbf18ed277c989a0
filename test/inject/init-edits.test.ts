/** What `init` inserts into the files of a project, and that every byte comes back. */
import { addPlugin, removePlugin } from '../../src/inject/init/build-config';
import { addHooks, hookCommand, removeHooks } from '../../src/inject/init/hooks';
import { addIgnored, IGNORED, removeIgnored } from '../../src/inject/init/ignore-files';
import { setJsonValue } from '../../src/inject/init/json-edits';
import { addKey, removeKey } from '../../src/inject/init/key';
import { addImport, literally, removeImport } from '../../src/inject/init/source-edits';
import { addTypes, removeTypes } from '../../src/inject/init/typings';

const crlf = (text: string) => text.replaceAll('\n', '\r\n');

/** Adds twice, takes out, with both kinds of line ends. */
function roundTrip(
  source: string,
  add: (text: string) => string | undefined,
  remove: (text: string) => string,
) {
  for (const text of [source, crlf(source), `\uFEFF${source}`]) {
    const added = add(text);
    expect(added).toBeDefined();
    expect(added).not.toBe(text);
    expect(add(added as string)).toBe(added);
    expect(remove(added as string)).toBe(text);
    expect(remove(text)).toBe(text);
  }
  return add(source) as string;
}

describe('a value of a JSON text', () => {
  const set = (text: string): string => setJsonValue(text, ['scripts', 'x'], 'y');

  test.each([
    ['two spaces', '{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "scripts": {\n    "x": "y"\n  }\n}\n'],
    ['four spaces', '{\n    "a": 1\n}\n', '{\n    "a": 1,\n    "scripts": {\n        "x": "y"\n    }\n}\n'],
    ['tabs', '{\n\t"a": 1\n}\n', '{\n\t"a": 1,\n\t"scripts": {\n\t\t"x": "y"\n\t}\n}\n'],
    ['nothing yet', '{\n}\n', '{\n  "scripts": {\n    "x": "y"\n  }\n}\n'],
  ])('is indented as the others: %s', (_name, before, after) => {
    expect(set(before)).toBe(after);
    expect(set(crlf(before))).toBe(crlf(after));
    expect(set(`\uFEFF${before}`)).toBe(`\uFEFF${after}`);
  });

  test('stays on the one line that there is', () => {
    expect(set('{"a":1}')).toBe('{"a":1,"scripts": {"x":"y"}}');
  });
});

describe('the key', () => {
  test.each([
    ['src/app.config.ts', "export default defineAppConfig({\n  pages: [\n    'pages/index/index'\n  ]\n})\n"],
    ['src/app.config.js', "export default { pages: ['p'] };\n"],
    ['src/app.config.ts', "const config: AppConfig = { pages: ['p'] }\nexport default config\n"],
    ['src/app.config.js', "module.exports = {\n\tpages: ['p'],\n};\n"],
    ['src/app.config.js', 'export default {};\n'],
    [
      'src/manifest.json',
      '{\n    "name" : "a", // ours\n    "mp-weixin" : {\n        "appid" : ""\n    }\n}\n',
    ],
    ['manifest.json', '{ "mp-weixin": {} }'],
    ['manifest.json', '{ "name": "a" }\n'],
    ['src/app.json', '{\n  "pages": ["a"]\n}\n'],
    [
      'src/app.mpx',
      '<script>\nimport a from "b"\n</script>\n<script type="application/json">\n  { "pages": ["a"] }\n</script>\n',
    ],
    ['src/app.mpx', '<style></style>\n<script name="json">\n  module.exports = { pages: ["a"] }\n</script>'],
  ])('goes into %s and out again: %j', (path, source) => {
    const added = roundTrip(
      source,
      (text) => addKey(path, text),
      (text) => removeKey(path, text),
    );
    expect(added).toMatch(/"?servicemarket"?: true/);
    // uni-app copies nothing else of it into app.json.
    if (path.endsWith('manifest.json'))
      expect(added).toMatch(/"mp-weixin" ?: \{\s*("appid"[^}]*)?"servicemarket"/);
  });

  test.each([
    ['src/app.json', '{"servicemarket": false, "pages": []}', '{"servicemarket": true, "pages": []}'],
    ['manifest.json', '{"mp-weixin": {"servicemarket": 1}}', '{"mp-weixin": {"servicemarket": true}}'],
  ])('is set in %s where it has another value: %s', (path, source, added) => {
    expect(addKey(path, source)).toBe(added);
    // The key of another value is the owner's.
    expect(removeKey(path, source)).toBe(source);
  });

  test.each([
    ['src/app.config.ts', 'export default makeConfig()'],
    ['src/app.mpx', '<script></script>'],
  ])('is left to the owner in %s: %j', (path, source) => expect(addKey(path, source)).toBeUndefined());
});

test.each(['vite', 'webpack', 'taro'] as const)(
  'a script for %s that does not end is left alone',
  (build) => {
    for (const source of [
      'export default { plugins: [',
      'module.exports = { plugins: [new A(',
      'a = {',
      '`${{',
    ]) {
      expect(addPlugin(source, build)).toBeUndefined();
      expect(removePlugin(source)).toBe(source);
    }
  },
);

test('a script for taro gets its method in front of another that does not end', () => {
  const [mini, rest] = ['export default { mini: {', '} }\nwebpackChain('];
  const added = addPlugin(mini + rest, 'taro');
  expect(added).toContain(`${mini}webpackChain(chain) {`);
  expect(added?.endsWith(rest)).toBe(true);
});

test('a text is looked for as it is written, with either kind of quotes', () => {
  const text = `a.b*c+d?e^f$g(h)i|j[k]l{m}n\\o"p'q`;
  const pattern = new RegExp(`^${literally(text)}$`);
  expect(text).toMatch(pattern);
  expect(text.replace('"', "'")).toMatch(pattern);
  for (const character of '.*+?^$()|[]{}\\') expect(text.replace(character, '')).not.toMatch(pattern);
  expect(text.replace('.', '_')).not.toMatch(pattern);
});

test.each(['', '\n', ' \r\n'])('a script of nothing but %j gets a line with a semicolon', (source) => {
  const added = addImport(source);
  expect(added).toMatch(
    /^const \{ serviceMarket \} = require\('miniprogram-servicemarket\/unplugin'\);\r?\n/,
  );
  expect(removeImport(added)).toBe(source);
});

describe('the bundler plugin', () => {
  test.each([
    [
      'vite',
      "import uni from '@dcloudio/vite-plugin-uni'\nimport { defineConfig } from 'vite'\n\nexport default defineConfig({\n  plugins: [uni()],\n})\n",
    ],
    [
      'vite',
      'import uni from "x";\nexport default defineConfig({\n  plugins: [\n    uni(),\n    other(),\n  ],\n});\n',
    ],
    [
      'vite',
      "import uni from 'x';\nexport default defineConfig(({ mode }) => ({ plugins: [\n  uni()\n] }));\n",
    ],
    [
      'vite',
      "import { defineConfig } from 'weapp-vite/config'\n\nexport default defineConfig({\n  weapp: {\n    srcRoot: 'src',\n  },\n})\n",
    ],
    ['vite', "import x from 'x';\nexport default { css: { postcss: { plugins: [x()] } } };\n"],
    ['vite', 'export default {};\n'],
    ['vite', 'export default { plugins: [] };\n'],
    [
      'webpack',
      "'use strict';\nconst Mpx = require('@mpxjs/webpack-plugin');\nmodule.exports = {\n  plugins: [new Mpx({ mode: 'wx' })],\n};\n",
    ],
    [
      'webpack',
      "const { defineConfig } = require('@vue/cli-service')\nmodule.exports = defineConfig({\n  pluginOptions: { mpx: { plugin: {} } },\n  configureWebpack (config) {}\n})\n",
    ],
    [
      'webpack',
      "const { defineConfig } = require('@vue/cli-service');\nmodule.exports = defineConfig({\n  pluginOptions: {},\n  chainWebpack(config) {\n    config.a();\n  },\n});\n",
    ],
    [
      'taro',
      "import a from 'a'\nimport { defineConfig } from '@tarojs/cli'\nexport default defineConfig<'webpack5'>(async (merge, { command }) => {\n  const baseConfig: UserConfigExport<'webpack5'> = {\n    plugins: [],\n    compiler: 'webpack5',\n    mini: {\n      webpackChain(chain) {\n        chain.resolve.plugin('tsconfig-paths').use(TsconfigPathsPlugin)\n      }\n    },\n    h5: { webpackChain(chain) {} }\n  }\n})\n",
    ],
    [
      'taro',
      "module.exports = {\n  compiler: { type: 'webpack5' },\n  mini: {\n    webpackChain (c, webpack) {},\n  },\n};\n",
    ],
    ['taro', "const config = { compiler: 'webpack5', mini: { postcss: {} } };\nexport default config;\n"],
    ['taro', "export default { compiler: { type: 'vite' }, mini: {} };\n"],
    ['taro', "export default {\n  compiler: {\n    vitePlugins: [a()],\n    type: 'vite',\n  },\n};\n"],
  ] as const)('goes into a configuration for %s and out again: %j', (build, source) => {
    const added = roundTrip(source, (text) => addPlugin(text, build), removePlugin);
    expect(added.match(/serviceMarket\.(?:vite|webpack)\(\)/g)).toHaveLength(1);
    expect(added).toMatchSnapshot();
  });

  test.each([
    ['vite', 'export default load();'],
    ['taro', "export default { compiler: 'vite', mini: {} };"],
  ] as const)('is left to the owner of a configuration for %s: %j', (build, source) =>
    expect(addPlugin(source, build)).toBeUndefined(),
  );
});

test.each([
  '{\n  "compilerOptions": {\n    "types": ["miniprogram-api-typings"]\n  }\n}\n',
  '{ "compilerOptions": { "types": [] } }',
  '{\n  // ours\n  "compilerOptions": {\n    "types": [\n      "a",\n      "b"\n    ],\n  }\n}\n',
])('types go into tsconfig.json and out again: %j', (source) => {
  expect(roundTrip(source, addTypes, removeTypes)).toContain('"miniprogram-servicemarket/typings"');
});

test.each(Object.entries(IGNORED))('lines go into %s and out again', (_name, lines) => {
  for (const source of ['', 'node_modules\n', 'node_modules'])
    roundTrip(
      source,
      (text) => addIgnored(text, lines),
      (text) => removeIgnored(text, lines),
    );
});

describe('the hooks', () => {
  test.each([
    '{\n  "miniprogramRoot": "mini/",\n  "appid": "wx1"\n}\n',
    '{"appid":"wx1"}',
    '{\n  "scripts": {\n    "beforeCompile": "npm run tsc"\n  },\n  "appid": "wx1"\n}\n',
    '{\n\t"appid": "wx1",\n\t"scripts": {\n\t\t"beforeCompile": "",\n\t\t"beforePreview": "",\n\t\t"beforeUpload": ""\n\t}\n}',
  ])('go into project.config.json and out again: %j', (source) => {
    roundTrip(source, addHooks, removeHooks);
  });

  test('name a Node that DevTools would not find, and only such a one', () => {
    const inject = 'npx miniprogram-servicemarket inject';
    expect(hookCommand('/usr/local/bin/node', 'darwin')).toBe(inject);
    expect(hookCommand('C:\\nvm\\node.exe', 'win32')).toBe(inject);
    expect(hookCommand('/Users/a b/.nvm/versions/node/v22/bin/node', 'darwin')).toBe(
      `(${inject} || "/Users/a b/.nvm/versions/node/v22/bin/node" node_modules/miniprogram-servicemarket/dist/node/cli.js inject)`,
    );
  });
});
