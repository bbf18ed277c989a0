/** The adapters to bundlers over bundlers that a test makes by hand; `bundlers` builds with the real ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceMarket } from '../../src/inject/unplugin';
import { applyToEsbuild } from '../../src/inject/unplugin/esbuild';
import type { EsbuildBuild } from '../../src/inject/unplugin/esbuild';
import { rollupHooks } from '../../src/inject/unplugin/rollup';
import { applyToCompiler } from '../../src/inject/unplugin/webpack';
import { readFiles, temporaryFolder } from '../support/files';
import type { Any } from '../support/outcomes';

// An ES module, which jest cannot load: what it adds are other bundlers' hooks, of which none is used.
jest.mock('unplugin', () => ({
  createUnplugin: (make: (options: unknown) => Record<string, unknown>) =>
    Object.fromEntries(
      ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'].map((bundler) => [
        bundler,
        (options: unknown) => {
          const { name, [bundler]: hooks } = make(options);
          return typeof hooks === 'function' ? hooks : { name, ...(hooks as object) };
        },
      ]),
    ),
}));

const COPY = 'servicemarket-compat.js';
const STATEMENT = `;require("./${COPY}");`;
const ON = '{"servicemarket":true}';
const OFF_WARNING = 'app.json has no "servicemarket": true: nothing is injected.';

/** A bundle of Rollup and Vite, written through the hooks. */
function writeBundle(bundle: Any, options = {}): { emitted: Record<string, string>; warnings: string[] } {
  const emitted: Record<string, string> = {};
  const warnings: string[] = [];
  const context = {
    warn: (text: string) => void warnings.push(text),
    emitFile: (file: Any) => void (emitted[file.fileName] = file.source),
  };
  const { generateBundle } = rollupHooks(() => temporaryFolder(), options);
  expect(generateBundle.order).toBe('post');
  generateBundle.handler.call(context, undefined, bundle);
  return { emitted, warnings };
}

test('the plugin has the name of the package in every bundler that shows it', () => {
  for (const bundler of ['vite', 'rollup', 'rolldown', 'esbuild'] as const) {
    expect(serviceMarket[bundler]().name).toBe('miniprogram-servicemarket');
  }
});

describe('Rollup, Rolldown and Vite', () => {
  test('chunks and assets, as strings and as bytes, are read and changed in place; the copy is emitted', () => {
    const bundle: Any = {
      'app.json': { type: 'asset', source: Buffer.from(ON) },
      'app.js': { type: 'chunk', code: 'App({})' },
    };
    const { emitted, warnings } = writeBundle(bundle);
    expect(bundle['app.js'].code).toBe(`${STATEMENT}App({})`);
    expect(Object.keys(emitted)).toEqual([COPY]);
    expect(emitted[COPY]).toMatch(/^\/\*! miniprogram-servicemarket /);
    expect(warnings).toEqual([]);
  });

  test('a script that is an asset', () => {
    const bundle: Any = {
      'app.json': { type: 'asset', source: ON },
      'app.js': { type: 'asset', source: 'App({})' },
    };
    writeBundle(bundle);
    expect(bundle['app.js'].source).toBe(`${STATEMENT}App({})`);
  });

  test('warnings are the bundler’s own; what every object has is no file', () => {
    const bundle: Any = {
      'app.json': { type: 'asset', source: '{}' },
      'app.js': { type: 'chunk', code: '' },
    };
    expect(writeBundle(bundle)).toEqual({ emitted: {}, warnings: [OFF_WARNING] });
    expect(writeBundle(Object.create({ 'app.json': { type: 'asset', source: ON } }))).toEqual({
      emitted: {},
      warnings: [],
    });
  });

  test('Vite injects builds alone, from the root that it resolved', () => {
    const root = temporaryFolder({ 'src/app.json': ON });
    const vite = serviceMarket.vite() as Any;
    expect(vite.apply).toBe('build');
    vite.configResolved({ root });
    const bundle: Any = { 'app.js': { type: 'chunk', code: 'App({})' } };
    const context = { warn: () => {}, emitFile: () => {} };
    vite.generateBundle.handler.call(context, undefined, bundle);
    expect(bundle['app.js'].code).toBe(`${STATEMENT}App({})`);
  });
});

class RawSource {
  constructor(private readonly text: string) {}
  source(): string {
    return this.text;
  }
}

/** A compilation of webpack 5 and Rspack, run through the hooks. */
function compile(files: Record<string, string>): { assets: Any; info: Any; warnings: Error[]; taps: Any[] } {
  const assets: Any = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, { source: new RawSource(text) }]),
  );
  const info: Any = {};
  const warnings: Error[] = [];
  const taps: Any[] = [];
  const compilation = {
    hooks: {
      processAssets: {
        tap(options: Any, listener: () => void) {
          taps.push(options);
          listener();
        },
      },
    },
    getAsset: (path: string) => assets[path],
    updateAsset(path: string, source: RawSource) {
      expect(assets).toHaveProperty([path]);
      assets[path] = { source };
    },
    emitAsset(path: string, source: RawSource, more: object) {
      expect(assets).not.toHaveProperty([path]);
      assets[path] = { source };
      info[path] = more;
    },
    warnings,
  };
  applyToCompiler(
    {
      context: temporaryFolder(),
      webpack: { sources: { RawSource }, Compilation: { PROCESS_ASSETS_STAGE_SUMMARIZE: 1000 } },
      hooks: { thisCompilation: { tap: (_name: string, listener: Any) => listener(compilation) } },
    } as Any,
    'the-plugin',
    {},
  );
  return { assets, info, warnings, taps };
}

describe('webpack 5 and Rspack', () => {
  test('scripts are updated, the copy is emitted as minified, behind all other stages', () => {
    const { assets, info, warnings, taps } = compile({ 'app.json': ON, 'app.js': 'App({})' });
    expect(assets['app.js'].source.source()).toBe(`${STATEMENT}App({})`);
    expect(assets[COPY].source.source()).toMatch(/^\/\*! miniprogram-servicemarket /);
    expect(info).toEqual({ [COPY]: { minimized: true } });
    expect(taps).toEqual([{ name: 'the-plugin', stage: 1000 }]);
    expect(warnings).toEqual([]);
  });

  test('warnings are errors of the compilation that name the plugin', () => {
    const { warnings, assets } = compile({ 'app.json': '{}', 'app.js': '' });
    expect(warnings.map(({ message }) => message)).toEqual([`the-plugin: ${OFF_WARNING}`]);
    expect(Object.keys(assets)).toEqual(['app.json', 'app.js']);
  });
});

describe('webpack 4', () => {
  function emit(files: Record<string, string>): { assets: Any; warnings: Error[] } {
    const assets: Any = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, { source: () => Buffer.from(text), size: () => 0 }]),
    );
    const warnings: Error[] = [];
    applyToCompiler(
      {
        context: temporaryFolder(),
        hooks: { emit: { tap: (_name: string, listener: Any) => listener({ assets, warnings }) } },
      } as Any,
      'the-plugin',
      {},
    );
    return { assets, warnings };
  }

  test('assets are replaced, and know their size in bytes', () => {
    const { assets, warnings } = emit({ 'app.json': ON, 'app.js': 'App({ 名: 1 })' });
    const script = `${STATEMENT}App({ 名: 1 })`;
    expect(assets['app.js'].source()).toBe(script);
    expect(assets['app.js'].size()).toBe(Buffer.byteLength(script));
    expect(assets[COPY].source()).toMatch(/^\/\*! miniprogram-servicemarket /);
    expect(warnings).toEqual([]);
  });

  test('warnings name the plugin', () => {
    expect(emit({ 'app.json': '{}', 'app.js': '' }).warnings.map(({ message }) => message)).toEqual([
      `the-plugin: ${OFF_WARNING}`,
    ]);
  });
});

/** A build of esbuild that ends with these files in `dist`. */
async function build(
  files: Record<string, string> | undefined,
  more: EsbuildBuild['initialOptions'] = {},
): Promise<{ root: string; result: Any; initialOptions: Any; outputFiles: Any[] | undefined }> {
  const root = temporaryFolder();
  const initialOptions = { absWorkingDir: root, outdir: 'dist', ...more };
  let end: Any;
  applyToEsbuild({ initialOptions, onEnd: (listener) => void (end = listener) }, {});
  const outputFiles =
    files &&
    Object.entries(files).map(([path, text]) => ({
      path: join(root, 'dist', path),
      text,
      contents: Buffer.from(text),
    }));
  return { root, initialOptions, outputFiles, result: await end({ outputFiles }) };
}

describe('esbuild', () => {
  test('writes in its place, folders too, and has esbuild write nothing', async () => {
    const { root, result, initialOptions } = await build({
      'app.json': ON,
      'app.js': 'App({})',
      'pages/p.js': 'Page({})',
    });
    expect(initialOptions.write).toBe(false);
    expect(result).toEqual({ warnings: [] });
    const tree = readFiles(root);
    expect(Object.keys(tree).sort()).toEqual(
      ['app.js', 'app.json', 'pages/p.js', COPY].map((path) => `dist/${path}`).sort(),
    );
    expect(tree['dist/app.js']).toBe(`${STATEMENT}App({})`);
    expect(tree['dist/pages/p.js']).toBe('Page({})');
  });

  test('by the folder of `outfile`, where that is given', async () => {
    const { root } = await build(
      { 'app.json': ON, 'app.js': '' },
      { outdir: undefined, outfile: 'dist/app.js' },
    );
    expect(readFileSync(join(root, 'dist/app.js'), 'utf8')).toBe(STATEMENT);
  });

  test('writes nothing where the caller wants the files: they are changed', async () => {
    const { root, outputFiles } = await build({ 'app.json': ON, 'app.js': 'App({})' }, { write: false });
    expect(readFiles(root)).toEqual({});
    const texts = outputFiles?.map(({ path, text, contents }) => {
      expect(Buffer.from(contents).toString()).toBe(text);
      return [path.slice(join(root, 'dist/').length), text];
    });
    expect(texts).toEqual([
      ['app.json', ON],
      ['app.js', `${STATEMENT}App({})`],
      [COPY, expect.stringMatching(/^\/\*! miniprogram-servicemarket /)],
    ]);
  });

  test('warnings are those of its result; a build that failed has no files', async () => {
    expect((await build({ 'app.json': '{}', 'app.js': '' })).result).toEqual({
      warnings: [{ text: OFF_WARNING }],
    });
    expect((await build(undefined)).result).toBeUndefined();
  });
});

test.each(['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'] as const)(
  'serviceMarket.%s refuses an unknown option when it is made',
  (bundler) => {
    expect(() => serviceMarket[bundler]({ manifset: 'app.json' } as object)).toThrow(
      'Failed to make the plugin: there is no option "manifset". Known are manifest, config.',
    );
    expect(serviceMarket[bundler]({ manifest: 'app.json' })).toBeDefined();
  },
);
