/** Makes the built files of the runtime again after a change of some sources, in about a second. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OutputOptions, Plugin, RollupOptions } from 'rollup';
import ts from 'typescript';

/** Where the build keeps the runtime between its steps (`ES5` of build/products.mjs). */
const LOWERED = 'node_modules/.cache/es5';

/** What of the build's outputs says nothing about behaviour and takes its time. */
const LEFT_OUT = /^(minify|byte-budget)$/;

const compilerOptions = ts.parseJsonConfigFileContent(
  ts.readConfigFile('build/tsconfig.runtime.json', ts.sys.readFile).config,
  ts.sys,
  'build',
).options;

/** Lowers one source as the build does, to the place from which the files are made. */
function lower(source: string): void {
  const { outputText } = ts.transpileModule(fs.readFileSync(source, 'utf8'), {
    fileName: source,
    compilerOptions: { ...compilerOptions, noEmit: false, sourceMap: false },
  });
  const target = path.join(LOWERED, path.relative('src', source).replace(/\.ts$/, '.js'));
  const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
  fs.writeFileSync(target, outputText.replaceAll('__VERSION__', JSON.stringify(version)));
}

/** Modules that are lowered here import without an extension, as their sources do. */
const resolveAsSources: Plugin = {
  name: 'resolve-as-sources',
  resolveId(imported, importer) {
    if (!importer || !/^\.\.?(\/|$)/.test(imported)) return null;
    const place = path.resolve(path.dirname(importer), imported);
    return [`${place}.js`, `${place}/index.js`].find((file) => fs.existsSync(file)) ?? null;
  },
};

const withoutLeftOut = ({ plugins, ...output }: OutputOptions): OutputOptions => ({
  ...output,
  plugins: [plugins].flat().filter((plugin) => !plugin || !('name' in plugin) || !LEFT_OUT.test(plugin.name)),
});

let steps: Promise<RollupOptions[]> | undefined;

/** The steps of the build that join lowered modules: what pages import and what is injected. */
async function joiningSteps(): Promise<RollupOptions[]> {
  const { default: all } = (await import(pathToFileURL(path.resolve('rollup.config.mjs')).href)) as {
    default: RollupOptions[];
  };
  return all.filter(
    ({ input }) => typeof input === 'string' && (input.startsWith(LOWERED) || input.startsWith('\0variant')),
  );
}

/**
 * @param changed the sources that are not as they were at the last build
 */
export async function buildRuntime(changed: readonly string[]): Promise<void> {
  const { rollup } = await import('rollup');
  changed.forEach(lower);
  for (const { output, ...input } of await (steps ??= joiningSteps())) {
    const bundle = await rollup({
      ...input,
      plugins: [input.plugins, resolveAsSources],
      logLevel: 'silent',
    });
    for (const one of [output ?? []].flat()) await bundle.write(withoutLeftOut(one));
    await bundle.close();
  }
}
