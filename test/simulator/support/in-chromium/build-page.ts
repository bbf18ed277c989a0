/** Makes a page of the suites in this folder: what they import of Node and of the simulator is the page's own there. */
import fs from 'node:fs';
import path from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';
import swc from '@rollup/plugin-swc';
import { type Plugin, rollup } from 'rollup';
import { ROOT } from '../../../support/files';
import { isExcluded } from './excluded';

const SUITES = path.join(__dirname, '../..');
const PAGE = path.join(__dirname, 'page');
/** Files of the project that suites read. */
const READ = ['test/vectors/native.json'];

const inPage = (name: string): string => path.join(PAGE, name);

/** By what an import says, or the file that it means. */
const REPLACED: Record<string, string> = {
  [path.join(ROOT, 'src/simulator')]: inPage('simulator.ts'),
  // What ships is what is tested.
  [path.join(ROOT, 'src/simulator/browser')]: path.join(ROOT, 'dist/simulator-browser.mjs'),
  'node:fs': inPage('node-fs.ts'),
  'node:path': inPage('node-path.ts'),
  'node:os': inPage('node-path.ts'),
  'jest-util': inPage('parts-of-jest.ts'),
  'jest-message-util': inPage('parts-of-jest.ts'),
};

/** Files of suites by their name. */
export function suiteFiles(): Record<string, string> {
  const files = fs
    .readdirSync(SUITES)
    .filter((file) => /\.test\.ts$/.test(file) && file !== 'in-chromium.test.ts');
  return Object.fromEntries(files.map((file) => [file.replace('.test.ts', ''), path.join(SUITES, file)]));
}

/** Writes the page into a folder. */
export async function buildPage(folder: string): Promise<void> {
  const bundle = await rollup({
    input: inPage('main.ts'),
    // A module of Node that no test in the page uses is empty.
    shimMissingExports: true,
    logLevel: 'silent',
    plugins: [
      suites,
      nodeResolve({ extensions: ['.ts', '.js'], browser: true }),
      // As Node has it, for which the packages were made.
      commonjs({ defaultIsModuleExports: true }),
      swc({
        include: 'test/**/*.ts',
        swc: { swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
      }),
    ],
  });
  await bundle.write({ dir: folder, format: 'es' });
  await bundle.close();
  const texts = READ.map((file) => [`/${file}`, fs.readFileSync(path.join(ROOT, file), 'utf8')]);
  fs.writeFileSync(path.join(folder, 'files.js'), `var FILES = ${JSON.stringify(Object.fromEntries(texts))}`);
  fs.writeFileSync(
    path.join(folder, 'index.html'),
    '<!doctype html><meta charset="utf-8"><script src="files.js"></script><script type="module" src="main.js"></script>',
  );
}

const suites: Plugin = {
  name: 'suites-in-page',
  resolveId(id, importer = '') {
    if (id === 'virtual:suites') return `\0${id}`;
    const named = id.startsWith('.') ? path.resolve(path.dirname(importer), id) : id;
    return REPLACED[named] ?? (id.startsWith('node:') ? `\0${id}` : null);
  },
  load(id) {
    if (id.startsWith('\0node:')) return 'export default {};';
    if (id !== '\0virtual:suites') return null;
    const loads = Object.entries(suiteFiles())
      .filter(([name]) => !isExcluded(`${name} › `))
      .map(([name, file]) => `${JSON.stringify(name)}: () => import(${JSON.stringify(file)})`);
    return `export const suites = { ${loads.join(', ')} };`;
  },
  transform(code, id) {
    if (id.startsWith('\0') || !/\.ts$/.test(id)) return null;
    const folder = `/${path.relative(ROOT, path.dirname(id)).replaceAll('\\', '/')}`;
    return { code: code.replace(/\b__dirname\b/g, JSON.stringify(folder)), map: null };
  },
};
