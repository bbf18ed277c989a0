/** The house rules of tests (test/support/README.md): where helpers are, who cleans up, what a folder may import. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/files';

const TESTS = path.join(ROOT, 'test');
/** Inputs of tests, and programs that also run outside of jest. */
const NO_TESTS = /^(fixtures|toolchain|vectors|typings\/(cases|broken)|real-libraries|mutation)\//;

const all = fs
  .readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(ts|js|cjs|mjs)$/.test(file) && !NO_TESTS.test(file));
const isFile = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
const textOf = (file: string): string => fs.readFileSync(path.join(TESTS, file), 'utf8');

test('what is no test, nor a configuration of jest, is a helper, in support.ts or support/', () => {
  expect(all.length).toBeGreaterThan(100);
  const unmarked = all.filter((file) => !/\.test\.ts$|\.config\.js$|(^|\/)support(\.ts$|\/)/.test(file));
  expect(unmarked).toEqual([]);
});

test('nobody but the one clean-up cleans up, and temporary folders come from there', () => {
  const own = all.filter((file) => /\b(afterEach|afterAll)\(|\bmkdtemp(Sync)?\(/.test(textOf(file)));
  expect(own.sort()).toEqual(['support/cleanup.ts', 'support/files.ts']);
});

test('a folder of tests imports no other one', () => {
  const folderOf = (file: string): string => file.split('/')[0];
  const foreign = all.flatMap((file) =>
    [...textOf(file).matchAll(/(?:from|import\(|require\() ?['"](\.[^'"]+)['"]/g)]
      .map(([, to]) => path.relative(TESTS, path.resolve(TESTS, path.dirname(file), to)))
      // Not what only looks like an import: the text of a project that a test writes.
      .filter((to) => ['.ts', '.js', '.cjs', ''].some((end) => isFile(path.join(TESTS, to + end))))
      .filter(
        (to) => !to.startsWith('..') && !['support', 'toolchain', folderOf(file)].includes(folderOf(to)),
      )
      .map((to) => `${file} imports ${to}`),
  );
  expect(foreign).toEqual([]);
});
