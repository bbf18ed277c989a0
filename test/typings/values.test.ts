/** What the types of an entry declare as values is what its file exports. */
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

test.each([
  ['index', 'miniprogram_dist/index.js'],
  ['browser', 'miniprogram_dist/browser.js'],
  ['plugin', 'miniprogram_dist/plugin.js'],
  ['inject', 'dist/node/inject.js'],
  ['openapi', 'dist/node/openapi.js'],
  ['relay', 'dist/node/relay.js'],
  ['simulator', 'dist/node/simulator.js'],
])('%s', (entry, file) => {
  const exported = Object.keys(jest.requireActual<object>(path.join(ROOT, file)));
  expect(declaredValues(path.join(ROOT, `dist/types/${entry}.d.ts`)).sort()).toEqual(exported.sort());
});
