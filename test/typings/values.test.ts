/** What the types of an entry declare as values is what its file exports. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/files';

/** The names that the types export as values. */
function declaredValues(file: string): string[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements
    .filter(ts.isExportDeclaration)
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .flatMap(({ exportClause }) =>
      exportClause && ts.isNamedExports(exportClause)
        ? exportClause.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text)
        : [],
    );
}

type Target = { types: string; default: string };
const { exports } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, string | Target | { import: Target; default: Target }>;
};
/** Every file that the package exports with types. */
const targets = Object.values(exports).flatMap((entry) => {
  if (typeof entry === 'string') return [];
  if ('import' in entry) return [entry.import, entry.default];
  // The typings of pages are types alone.
  return entry.default ? [entry] : [];
});

test('every public entry is looked at', () => {
  const entries = new Set(targets.map(({ types }) => path.basename(types).replace(/\.d\.m?ts$/, '')));
  const simulators = ['simulator', 'simulator-browser', 'simulator-jest', 'simulator-vitest'];
  const expected = ['index', 'browser', 'inject', 'openapi', 'plugin', 'relay', 'unplugin', ...simulators];
  expect([...entries].sort()).toEqual(expected.sort());
});

test.each(targets)('$default', ({ types, default: file }) => {
  // By node itself, because jest loads no modules of the import condition.
  const load = file.endsWith('.mjs') ? 'import(file)' : 'Promise.resolve(require(file))';
  // What is for jest looks for the `expect` of a test.
  const list = `globalThis.expect = { extend() {} }; const file = process.argv[1]; ${load}.then((all) => console.log(JSON.stringify(Object.keys(all))))`;
  const printed = execFileSync(process.execPath, ['-e', list, path.join(ROOT, file)], { encoding: 'utf8' });
  const exported = JSON.parse(printed) as string[];
  expect(declaredValues(path.join(ROOT, types)).sort()).toEqual(exported.sort());
});
