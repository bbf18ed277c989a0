/** Which framework builds a project, and where its key and its bundler plugin go. */
import { detectFramework } from '../../src/inject/project/framework';
import { temporaryFolder } from '../support/files';

const scripts = (name: string) =>
  ['js', 'ts', 'mjs', 'mts', 'cjs'].map((extension) => `${name}.${extension}`);

const FRAMEWORKS: [packages: string[], name: string, keys: string[], configs: string[]][] = [
  [
    ['@tarojs/taro', '@tarojs/cli'],
    'Taro',
    ['src/app.config.ts', 'src/app.config.js'],
    scripts('config/index'),
  ],
  [
    ['@dcloudio/uni-app', '@dcloudio/uni-mp-weixin'],
    'uni-app',
    ['src/manifest.json', 'manifest.json'],
    [...scripts('vite.config'), 'vue.config.js'],
  ],
  [
    ['@mpxjs/core'],
    'mpx',
    ['src/app.mpx', 'app.mpx'],
    ['vue.config.js', 'mpx.config.js', 'webpack.config.js', 'config/index.js'],
  ],
  [
    ['weapp-vite'],
    'weapp-vite',
    ['src/app.json', 'miniprogram/app.json', 'app.json'],
    [...scripts('vite.config'), ...scripts('weapp-vite.config')],
  ],
];

const cases = FRAMEWORKS.flatMap(([packages, name, keys, configs]) => [
  ...packages.map((dependency) => [dependency, name, keys[0], configs[0]] as const),
  ...keys.map((key) => [packages[0], name, key, configs[0]] as const),
  ...configs.map((config) => [packages[0], name, keys[0], config] as const),
]);

test.each(cases)('%s: %s with %s and %s', (dependency, name, keyFile, configFile) => {
  const manifest = { 'package.json': JSON.stringify({ dependencies: { [dependency]: '1' } }) };
  const root = temporaryFolder({ ...manifest, [keyFile]: '{}', [configFile]: '' });
  expect(detectFramework(root)).toMatchObject({ name, keyFile, configFile });
});

test.each(FRAMEWORKS)(
  '%j: what is not there yet belongs into the first place',
  (packages, name, keys, configs) => {
    const root = temporaryFolder({
      'package.json': JSON.stringify({ devDependencies: { [packages[0]]: '1' } }),
    });
    expect(detectFramework(root)).toMatchObject({ name, keyFile: keys[0], configFile: configs[0] });
  },
);

test('a project of none of them has no framework', () => {
  expect(
    detectFramework(temporaryFolder({ 'package.json': '{"dependencies":{"react":"1"}}' })),
  ).toBeUndefined();
  expect(detectFramework(temporaryFolder())).toBeUndefined();
});
