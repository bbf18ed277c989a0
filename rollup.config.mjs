import { readdirSync } from 'node:fs';
import path from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import swc from '@rollup/plugin-swc';
import typescript from '@rollup/plugin-typescript';
import { dts } from 'rollup-plugin-dts';
import { byteBudget } from './build/plugins/byte-budget.mjs';
import { createdRequires } from './build/plugins/created-requires.mjs';
import { copy } from './build/plugins/copy.mjs';
import { minify } from './build/plugins/minify.mjs';
import { otherHosts } from './build/plugins/other-hosts.mjs';
import { playgroundSources } from './build/plugins/playground-sources.mjs';
import { eraseTypes, readable } from './build/plugins/readable.mjs';
import { runtimeTexts } from './build/plugins/runtime-texts.mjs';
import { stampVersion } from './build/plugins/stamp-version.mjs';
import { variantEntry } from './build/plugins/variant-entry.mjs';
import { wrapInjected } from './build/plugins/wrap-injected.mjs';
import {
  BUNDLED,
  CHANNELS,
  COPIES,
  ES5,
  FUNCTIONS,
  NODE_ENTRIES,
  PLAYGROUND_FILES,
  RUNTIME_ENTRIES,
  TYPES,
  VARIANTS,
} from './build/products.mjs';

// TypeScript to JavaScript: `tsc -b` has already checked the sources and written the types.

/** For mini-programs, down to ES5 and without helpers. */
const compileRuntime = typescript({
  tsconfig: 'build/tsconfig.runtime.json',
  include: 'src/**/*.ts',
  filterRoot: process.cwd(),
});

/** For Node, which needs no more than the types taken out. */
const compileNode = swc({
  include: 'src/**/*.ts',
  swc: {
    swcrc: false,
    jsc: {
      parser: { syntax: 'typescript' },
      target: 'es2022',
      transform: { verbatimModuleSyntax: true },
    },
  },
});

/** The browser's file has no runtime of its own: it imports the index beside it, so that a page has one copy. */
const isIndexOfBrowser = (id, importer) => id === './index' && /\/browser\.[jt]s$/.test(importer);

/** The runtime, module by module, lowered to ES5 once for all the files that are made of it. */
const lowered = {
  input: readdirSync('src/runtime', { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => `src/runtime/${file}`),
  treeshake: false,
  external: isIndexOfBrowser,
  makeAbsoluteExternalsRelative: false,
  plugins: [nodeResolve({ extensions: ['.ts'] }), compileRuntime, stampVersion],
  output: { dir: ES5, format: 'es', preserveModules: true, preserveModulesRoot: 'src', generatedCode: 'es5' },
};

const COMMONJS = {
  format: 'cjs',
  esModule: false,
  externalLiveBindings: false,
  freeze: false,
  generatedCode: 'es5',
};

/**
 * What a mini-program or a plugin imports: for "Build npm" as CommonJS, minified, because DevTools packs it as it is; for
 * bundlers as an ES module, readable, which is also what one opens to debug the other.
 */
function imported(entry) {
  return {
    input: `${ES5}/runtime/${entry}.js`,
    external: isIndexOfBrowser,
    makeAbsoluteExternalsRelative: false,
    plugins: [otherHosts(CHANNELS)],
    output: [
      {
        ...COMMONJS,
        file: `miniprogram_dist/${entry}.js`,
        paths: { './index': './index.js' },
        plugins: [minify, byteBudget],
      },
      { file: `dist/${entry}.mjs`, format: 'es', generatedCode: 'es5', paths: { './index': './index.mjs' } },
    ],
  };
}

function injectedOutput(file, parts) {
  return {
    ...COMMONJS,
    dir: 'dist',
    entryFileNames: file,
    plugins: [...(file.endsWith('.min.js') ? [minify] : []), wrapInjected(parts), byteBudget],
  };
}

/** What the injector puts into an app. */
function injected(parts, files) {
  return {
    input: `\0variant:${parts.join('+')}`,
    plugins: [variantEntry(parts), otherHosts(parts)],
    output: files.map((file) => injectedOutput(file, parts)),
  };
}

/** What the injector puts into a plugin. */
const injectedInPlugin = {
  input: `${ES5}/runtime/plugins/guest/auto.js`,
  output: injectedOutput('compat/plugin.min.js', ['plugin']),
};

/** What the Node files bring with them; everything else is Node's own or an optional peer. */
const isBundled = (id) =>
  /^[./\0]/.test(id) || BUNDLED.some((name) => id === name || id.startsWith(`${name}/`));

const node = {
  input: NODE_ENTRIES,
  external: (id, importer) => !!importer && !isBundled(id),
  plugins: [
    nodeResolve({ extensions: ['.ts', '.js', '.json'], exportConditions: ['node'] }),
    createdRequires(isBundled),
    commonjs(),
    json(),
    compileNode,
    stampVersion,
    copy(COPIES),
    // A bundled package asks where it lies.
    { name: 'import-meta', resolveImportMeta: (property) => (property === 'dirname' ? '__dirname' : null) },
  ],
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: 'node/[name].js',
    chunkFileNames: 'node/chunks/[name].js',
    // It marks itself as an ES module, and an entry's file that holds it would look like one.
    manualChunks: { sucrase: ['sucrase'] },
    interop: 'auto',
  },
};

/** Vitest is an ES module alone, and so is what extends it; the simulator is the one that Node loads for all. */
const SIMULATOR = /assertions\/\.\.\/index$|^\.\.\/index$/;
const vitest = {
  input: 'src/simulator/assertions/vitest.ts',
  external: (id) => id === 'vitest' || SIMULATOR.test(id),
  makeAbsoluteExternalsRelative: false,
  plugins: [nodeResolve({ extensions: ['.ts'] }), compileNode],
  output: { file: 'dist/node/simulator-vitest.mjs', format: 'es', paths: { '../index': './simulator.js' } },
};

/** The simulator in a page: one file, which reaches for nothing. */
const simulatorInBrowser = {
  input: 'src/simulator/browser/index.ts',
  plugins: [
    nodeResolve({ extensions: ['.ts', '.js', '.json'], browser: true }),
    commonjs(),
    json(),
    compileNode,
  ],
  output: { file: 'dist/simulator-browser.mjs', format: 'es' },
};

/** The playground's page, the engine for other pages, and what runs in the frame of its phone. The runtime in it was built before. */
const inPage = [
  nodeResolve({ extensions: ['.ts', '.js', '.json'], browser: true }),
  commonjs(),
  json(),
  compileNode,
];
const playground = [
  {
    input: { page: 'src/playground/page/main.ts' },
    plugins: [...inPage, copy(PLAYGROUND_FILES), playgroundSources],
    output: {
      dir: 'dist/playground',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
    },
  },
  {
    input: 'src/playground/engine/index.ts',
    plugins: inPage,
    output: { file: 'dist/playground/engine.js', format: 'es' },
  },
  {
    input: 'src/playground/engine/phone/index.ts',
    plugins: [runtimeTexts, ...inPage],
    output: { file: 'dist/playground/phone.js', format: 'iife' },
  },
];

const LICENCE_OF_SAX =
  '/* sax, https://github.com/isaacs/sax-js, Blue Oak Model License 1.0.0: https://blueoakcouncil.org/license/1.0.0 */';

/**
 * What an owner uploads: one readable file for the Node of the clouds, 16 or later, beside it the XML parser where the
 * function needs it, and nothing to install but their SDK.
 */
const uploaded = (name) => ({
  input: `src/functions/${name}/index.ts`,
  external: (id, importer) => !!importer && id !== 'sax' && (!/^[./\0]/.test(id) || id === './settings.json'),
  plugins: [nodeResolve({ extensions: ['.ts', '.js'] }), eraseTypes, commonjs(), readable(name)],
  output: {
    dir: `dist/templates/${name}`,
    chunkFileNames: '[name].js',
    manualChunks: (id) => (id.includes('/node_modules/sax/') ? 'sax' : undefined),
    banner: ({ name: chunk }) => (chunk === 'sax' ? LICENCE_OF_SAX : ''),
    format: 'cjs',
    interop: 'default',
    esModule: false,
    externalLiveBindings: false,
    freeze: false,
    paths: (id) => (id.endsWith('/settings.json') ? './settings.json' : id.replace(/^node:/, '')),
  },
});

/** The types of a public entry in one file, without those of what is inside; for an ES module under the name that says so. */
function types(name, source, extensions) {
  return {
    input: `${TYPES}/${path.relative('src', source).replace(/\.ts$/, '.d.ts')}`,
    plugins: [dts()],
    output: extensions.map((extension) => ({ file: `dist/types/${name}${extension}`, format: 'es' })),
  };
}

const typesOfEntries = [
  ...RUNTIME_ENTRIES.map((name) => types(name, `src/runtime/${name}.ts`, ['.d.ts', '.d.mts'])),
  types('simulator-browser', 'src/simulator/browser/index.ts', ['.d.mts']),
  types('simulator-vitest', 'src/simulator/assertions/vitest.ts', ['.d.mts']),
  ...Object.entries(NODE_ENTRIES)
    .filter(([name]) => name !== 'cli' && name !== 'playground')
    .map(([name, source]) => types(name, source, ['.d.ts'])),
  types('typings', 'src/typings/index.ts', ['.d.ts']),
];

export default [
  lowered,
  imported('index'),
  imported('browser'),
  imported('plugin'),
  injectedInPlugin,
  injected(CHANNELS, ['servicemarket-compat.js', 'servicemarket-compat.min.js']),
  ...VARIANTS.map((parts) => injected(parts, [`compat/${parts.join('+')}.min.js`])),
  node,
  vitest,
  simulatorInBrowser,
  ...playground,
  ...Object.keys(FUNCTIONS).map(uploaded),
  // Their sources are what `tsc -b` writes, which no watch does.
  ...(process.env.ROLLUP_WATCH ? [] : typesOfEntries),
];
