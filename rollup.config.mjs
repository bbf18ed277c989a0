import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import swc from '@swc/core';
import typescript from '@rollup/plugin-typescript';
import { BUDGETS, BUNDLED, CHANNELS, NODE_ENTRIES, VARIANTS } from './build/products.mjs';

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

/** A module that starts the injected shim with just the given channels. */
function variantEntry(channels) {
  const id = `\0variant:${channels.join('+')}`;
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
      ].join('\n');
    },
  };
}

/**
 * Wraps the finished code: a head with name, version, channels and checksum (of all that follows it), no
 * global but the host's own, and the injector's configuration as the last argument.
 */
function wrapInjected(channels) {
  return {
    name: 'wrap-injected',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        const body = `(function(exports,config){${chunk.code.trim()}\n})(typeof exports==="object"&&exports?exports:{},{});\n`;
        const checksum = createHash('sha256').update(body).digest('hex').slice(0, 16);
        chunk.code = `/*! ${name} v${version} ${channels.join('+')} sha256:${checksum} */\n${body}`;
      }
    },
  };
}

/** Fails the build when a file is larger, gzipped, than its budget. */
const byteBudget = {
  name: 'byte-budget',
  writeBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const budget = BUDGETS[chunk.fileName];
      const bytes = gzipSync(chunk.code, { level: 9 }).length;
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

function injected(channels, files) {
  return {
    input: `\0variant:${channels.join('+')}`,
    plugins: [variantEntry(channels), nodeResolve({ extensions: ['.ts'] }), compile('runtime'), stampVersion],
    output: files.map((file) => ({
      dir: 'dist',
      entryFileNames: file,
      format: 'cjs',
      esModule: false,
      externalLiveBindings: false,
      freeze: false,
      generatedCode: 'es5',
      plugins: [...(file.endsWith('.min.js') ? [minify] : []), wrapInjected(channels), byteBudget],
    })),
  };
}

/** The types of the ES module: those of `tsc -b`, under the name that says ES module. */
const moduleTypes = {
  name: 'module-types',
  generateBundle({ format }) {
    if (format !== 'es') return;
    const source = "export * from './types/runtime/index.js';\n";
    this.emitFile({ type: 'asset', fileName: 'index.d.mts', source });
  },
};

const imported = {
  input: 'src/runtime/index.ts',
  plugins: [nodeResolve({ extensions: ['.ts'] }), compile('runtime'), stampVersion, moduleTypes],
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
  injected(CHANNELS, ['servicemarket-compat.js', 'servicemarket-compat.min.js']),
  ...VARIANTS.map((channels) => injected(channels, [`compat/${channels.join('+')}.min.js`])),
  node,
];
