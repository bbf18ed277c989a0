import { join } from 'node:path';
import { InjectError } from '../errors';
import { openFolder } from './files';
import type { Folder } from './files';
import { parseJsonFile } from './json-file';
import { findPackageRoots } from './package-roots';

/** How the bundler plugin is added to a build's configuration (src/inject/init/build-config.ts). */
export type Build = 'vite' | 'webpack' | 'taro';

/** How projects of a framework are told, and where they build. */
interface FrameworkKind {
  name: string;
  /** Packages of which such a project depends on one. */
  packages: string[];
  /** Files that may hold the bundler's plugins. */
  configs: string[];
  /** Files that may hold `"servicemarket": true`; the build makes app.json of them. */
  keys: string[];
  /** Which of the bundler plugin's ways the configuration takes. */
  build: Build;
  /** Folders that the framework builds mini-programs to, as long as nobody has changed that. */
  outputs: string[];
  guide: string;
}

const SCRIPTS = ['js', 'ts', 'mjs', 'mts', 'cjs'];
const VITE = SCRIPTS.map((extension) => `vite.config.${extension}`);

const KINDS: FrameworkKind[] = [
  {
    name: 'Taro',
    packages: ['@tarojs/taro', '@tarojs/cli'],
    configs: SCRIPTS.map((extension) => `config/index.${extension}`),
    keys: ['ts', 'js'].map((extension) => `src/app.config.${extension}`),
    build: 'taro',
    outputs: ['dist', 'dist/weapp'],
    guide: 'inject-taro.md',
  },
  {
    name: 'uni-app',
    packages: ['@dcloudio/uni-app', '@dcloudio/uni-mp-weixin'],
    configs: [...VITE, 'vue.config.js'],
    keys: ['src/manifest.json', 'manifest.json'],
    build: 'vite',
    outputs: ['build', 'dev'].flatMap((mode) => [
      `dist/${mode}/mp-weixin`,
      `unpackage/dist/${mode}/mp-weixin`,
    ]),
    guide: 'inject-uni-app.md',
  },
  {
    name: 'mpx',
    packages: ['@mpxjs/core'],
    configs: ['vue.config.js', 'mpx.config.js', 'webpack.config.js', 'config/index.js'],
    keys: ['src/app.mpx', 'app.mpx'],
    build: 'webpack',
    outputs: ['dist/wx', 'dist'],
    guide: 'inject-mpx.md',
  },
  {
    name: 'weapp-vite',
    packages: ['weapp-vite'],
    configs: [...VITE, ...SCRIPTS.map((extension) => `weapp-vite.config.${extension}`)],
    keys: ['src/app.json', 'miniprogram/app.json', 'app.json'],
    build: 'vite',
    outputs: ['dist'],
    guide: 'inject-weapp-vite.md',
  },
];

/** A project whose mini-program a framework builds. */
export interface Framework {
  name: string;
  /** Its page of the documentation, in docs/en and docs/zh. */
  guide: string;
  /** With what else: `React`, `Vue`, `Vite`. */
  details: string[];
  build: Build;
  /** The file for the key: the one that is there, or the one that it should be in. */
  keyFile: string;
  /** The file for the bundler plugin: the one that is there, or the one to create. */
  configFile: string;
  /** Whether the file names this package. */
  hasPlugin: boolean;
  /** The folder that was built, relative to the project; absent before a build. */
  output?: string;
}

/** @returns the framework that a project's package.json depends on, or undefined */
export function detectFramework(projectDir: string): Framework | undefined {
  const files = openFolder(projectDir);
  const installed = listDependencies(files);
  const kind = KINDS.find(({ packages }) => packages.some((name) => installed.includes(name)));
  if (!kind) return undefined;
  const configFile = kind.configs.find((path) => files.has(path)) ?? kind.configs[0];
  return {
    name: kind.name,
    guide: kind.guide,
    details: detailsOf(installed),
    build: kind.build,
    keyFile: kind.keys.find((path) => files.has(path)) ?? kind.keys[0],
    configFile,
    hasPlugin: files.has(configFile) && mentionsPackage(files, configFile),
    output: ['', ...kind.outputs].find((path) => isMiniProgram(join(projectDir, path))),
  };
}

/** @returns the packages that package.json asks for; none where there is no such file */
export function listDependencies(files: Folder): string[] {
  const text = files.read('package.json');
  if (text === undefined) return [];
  const { dependencies, devDependencies } = parseJsonFile('package.json', text).value;
  return Object.keys({ ...(dependencies as object), ...(devDependencies as object) });
}

function detailsOf(installed: string[]): string[] {
  const has = (name: string) => installed.includes(name);
  return [
    ...(has('@tarojs/plugin-framework-react') || has('react') ? ['React'] : []),
    ...(has('vue') && has('@tarojs/taro') ? ['Vue'] : []),
    ...(has('typescript') ? ['TypeScript'] : []),
  ];
}

function mentionsPackage(files: Folder, path: string): boolean {
  return files.mentions(path, 'miniprogram-servicemarket');
}

/** Whether a folder packs something, as it stands. */
function isMiniProgram(folder: string): boolean {
  try {
    return findPackageRoots(openFolder(folder)).length > 0;
  } catch (error) {
    if (error instanceof InjectError && ['manifestMissing', 'noProject'].includes(error.code)) return false;
    throw error;
  }
}
