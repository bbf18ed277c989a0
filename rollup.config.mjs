import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import swc from '@swc/core';
import typescript from '@rollup/plugin-typescript';
import {
  BUDGETS,
  BUNDLED,
  CHANNELS,
  NODE_ENTRIES,
  PLUGINS,
  PLUGINS_BUDGET,
  VARIANTS,
} from './build/products.mjs';

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** TypeScript to JavaScript: `tsc -b` has already checked the sources and written the types. */
function compile(environment) {
  return typescript({
    tsconfig: `build/tsconfig.${environment}.json`,
    include: 'src/**/*.ts',
    filterRoot: process.cwd(),
  });
}

/** The version stands in package.json alone; sources name it `__VERSION__`. */
const stampVersion = {
  name: 'stamp-version',
  renderChunk: (code) => code.replace(/\b__VERSION__\b/g, JSON.stringify(version)),
};

/** A module that starts the injected shim with just the given channels, and with the plugin part where it is named. */
function variantEntry(parts) {
  const id = `\0variant:${parts.join('+')}`;
  const channels = parts.filter((part) => part !== PLUGINS);
  const plugins = [
    `import { startPlugins } from './src/runtime/plugins/auto';`,
    `export { connectPlugin, connectPlugins } from './src/runtime/plugins/auto';`,
    'startPlugins();',
  ];
  const imports = channels.map(
    (channel) => `import { ${channel} } from './src/runtime/channels/${channel}';`,
  );
  return {
    name: 'variant-entry',
    resolveId(source, importer) {
      if (source === id) return id;
      return importer === id ? this.resolve(source, `${process.cwd()}/rollup.config.mjs`) : null;
    },
    load(source) {
      if (source !== id) return null;
      return [
        ...imports,
        `import { start } from './src/runtime/auto';`,
        `export * from './src/runtime/auto';`,
        `start({ ${channels.map((channel) => `${channel}: ${channel}`).join(', ')} });`,
        ...(parts.includes(PLUGINS) ? plugins : []),
      ].join('\n');
    },
  };
}

/**
 * Wraps the finished code: a head with name, version, channels and checksum (of all that follows it), no
 * global but the host's own, and the injector's configuration as the last argument; after it the injector puts
 * what requires the plugins, where the file has that part.
 */
function wrapInjected(parts) {
  const parameters = parts.includes(PLUGINS) ? 'exports,config,plugins' : 'exports,config';
  return {
    name: 'wrap-injected',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        const body = `(function(${parameters}){${chunk.code.trim()}\n})(typeof exports==="object"&&exports?exports:{},{});\n`;
        const checksum = createHash('sha256').update(body).digest('hex').slice(0, 16);
        chunk.code = `/*! ${name} v${version} ${parts.join('+')} sha256:${checksum} */\n${body}`;
      }
    },
  };
}

/** Gzipped sizes by file, for those that may grow by a part. */
const sizes = new Map();

/** How many bytes a file may have, gzipped; for one with the plugin part, that part on top of the file without it. */
function budgetOf(fileName) {
  const without = sizes.get(fileName.replace(`+${PLUGINS}`, ''));
  return fileName.includes(`+${PLUGINS}`) ? without + PLUGINS_BUDGET : BUDGETS[fileName];
}

/** Fails the build when a file is larger, gzipped, than its budget. */
const byteBudget = {
  name: 'byte-budget',
  writeBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const budget = budgetOf(chunk.fileName);
      const bytes = gzipSync(chunk.code, { level: 9 }).length;
      sizes.set(chunk.fileName, bytes);
      if (chunk.fileName.endsWith('.min.js')) console.log(`${chunk.fileName}: ${bytes} bytes gzipped`);
      if (bytes > budget)
        this.error(`${chunk.fileName} is ${bytes} bytes gzipped, over its budget of ${budget}`);
    }
  },
};

/** Minifies the injected files to ES5 (gzipped, 2 % smaller than terser's output of the same code). */
const minify = {
  name: 'minify',
  renderChunk: (code) =>
    swc.minify(code, {
      ecma: 5,
      compress: { passes: 5, toplevel: true, unsafe: true, pure_getters: true, keep_fargs: false },
      mangle: { toplevel: true },
      format: { comments: false },
    }),
};

const COMMONJS = {
  format: 'cjs',
  esModule: false,
  externalLiveBindings: false,
  freeze: false,
  generatedCode: 'es5',
};

function injected(parts, files) {
  return {
    input: `\0variant:${parts.join('+')}`,
    plugins: [variantEntry(parts), nodeResolve({ extensions: ['.ts'] }), compile('runtime'), stampVersion],
    output: files.map((file) => ({
      ...COMMONJS,
      dir: 'dist',
      entryFileNames: file,
      plugins: [...(file.endsWith('.min.js') ? [minify] : []), wrapInjected(parts), byteBudget],
    })),
  };
}

/** The types of an ES module: those of `tsc -b` for `entry`, under the name that says ES module. */
const moduleTypes = (entry) => ({
  name: 'module-types',
  generateBundle({ format }) {
    if (format !== 'es') return;
    const source = `export * from './types/runtime/${entry}.js';\n`;
    this.emitFile({ type: 'asset', fileName: `${entry}.d.mts`, source });
  },
});

/** What a plugin's author imports; minified as well, to be measured. */
const inPlugin = {
  input: 'src/runtime/plugin.ts',
  plugins: [nodeResolve({ extensions: ['.ts'] }), compile('runtime'), moduleTypes('plugin')],
  output: [
    { ...COMMONJS, file: 'miniprogram_dist/plugin.js' },
    { file: 'dist/plugin.mjs', format: 'es', generatedCode: 'es5' },
    { ...COMMONJS, file: 'dist/plugin.min.js', plugins: [minify, byteBudget] },
  ],
};

/** What the injector puts into a plugin. */
const injectedInPlugin = {
  input: 'src/runtime/plugins/guest/auto.ts',
  plugins: [nodeResolve({ extensions: ['.ts'] }), compile('runtime')],
  output: {
    ...COMMONJS,
    dir: 'dist',
    entryFileNames: 'compat/plugin.min.js',
    plugins: [minify, wrapInjected(['plugin']), byteBudget],
  },
};

const imported = {
  input: 'src/runtime/index.ts',
  plugins: [nodeResolve({ extensions: ['.ts'] }), compile('runtime'), stampVersion, moduleTypes('index')],
  output: [
    {
      file: 'miniprogram_dist/index.js',
      format: 'cjs',
      freeze: false,
      generatedCode: 'es5',
      externalLiveBindings: false,
    },
    { file: 'dist/index.mjs', format: 'es', generatedCode: 'es5' },
  ],
};

/** What the Node files bring with them; everything else is Node's own or an optional peer. */
const isBundled = (id) =>
  /^[./\0]/.test(id) || BUNDLED.some((name) => id === name || id.startsWith(`${name}/`));

const node = {
  input: NODE_ENTRIES,
  external: (id, importer) => !!importer && !isBundled(id),
  plugins: [
    nodeResolve({ extensions: ['.ts', '.js', '.json'], exportConditions: ['node'] }),
    commonjs(),
    json(),
    compile('node'),
    stampVersion,
  ],
  output: {
    dir: 'dist/node',
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    interop: 'auto',
  },
};

export default [
  imported,
  inPlugin,
  injectedInPlugin,
  injected(CHANNELS, ['servicemarket-compat.js', 'servicemarket-compat.min.js']),
  ...VARIANTS.map((parts) => injected(parts, [`compat/${parts.join('+')}.min.js`])),
  node,
];
