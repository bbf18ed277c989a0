/** Injected projects under the tools that their owners run over everything: ESLint, Prettier, TypeScript's checkJs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { injectProject } from '../../src/inject';
import { readFiles, ROOT, temporaryFolder, writeFiles } from '../support/files';

const BINARIES = {
  eslint: 'eslint/bin/eslint.js',
  prettier: 'prettier/bin/prettier.cjs',
  tsc: 'typescript/bin/tsc',
};

function run(tool: keyof typeof BINARIES, folder: string, ...args: string[]): string {
  const binary = join(ROOT, 'node_modules', BINARIES[tool]);
  const { stdout, stderr } = spawnSync(process.execPath, [binary, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

const PROJECT = {
  'app.json': `${JSON.stringify(
    {
      servicemarket: true,
      pages: ['p'],
      subpackages: [{ root: 'shop', pages: ['p'], plugins: { ocr: {} } }],
    },
    null,
    2,
  )}\n`,
  'app.js': 'App({});\n',
  'p.js': 'Page({});\n',
  'shop/p.js': 'Page({});\n',
  'eslint.config.mjs': `
import js from ${JSON.stringify(join(ROOT, 'node_modules/@eslint/js/src/index.js'))};
import ts from ${JSON.stringify(join(ROOT, 'node_modules/typescript-eslint/dist/index.js'))};

export default [
  js.configs.recommended,
  ...ts.configs.strict,
  { rules: { '@typescript-eslint/no-require-imports': 'off', quotes: 'error', eqeqeq: 'error' } },
  { languageOptions: { globals: { App: true, Page: true, require: true, wx: true } } },
  { ignores: ['*.mjs', '*.d.ts'] },
];
`,
  'globals.d.ts':
    'declare function App(o: object): void;\ndeclare function Page(o: object): void;\ndeclare function require(path: string): unknown;\n',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{ allowJs: true, checkJs: true, strict: true, noEmit: true, noUnusedLocals: true },
      ...{ types: [], lib: ['ES2020'], target: 'es2020', module: 'commonjs' },
    },
    include: ['**/*.js', 'globals.d.ts'],
  }),
};

test('ESLint, Prettier and checkJs report nothing for the injected files, and a format leaves them current', () => {
  const root = temporaryFolder(PROJECT);
  const config = {
    relay: { url: 'https://r.example' },
    cloud: { env: 'e', function: 'f' },
    plugins: { ocr: 'all' as const },
  };
  expect(injectProject(root, { config }).created).toEqual([
    'servicemarket-compat.js',
    'shop/servicemarket-plugins.js',
  ]);
  run('prettier', root, '--write', '.');
  expect(injectProject(root, { config, check: true }).status).toBe('current');
  // As Git for Windows checks it out.
  for (const [path, text] of Object.entries(readFiles(root))) {
    const lines = Buffer.from(text, 'latin1').toString().split('\n');
    if (path.endsWith('.js')) writeFiles(root, { [path]: lines.join('\r\n') });
  }
  expect(injectProject(root, { config, check: true }).status).toBe('current');
  expect(run('eslint', root, '.', '--max-warnings', '0')).toBe('');
  run('prettier', root, '--write', '.');
  expect(injectProject(root, { config, check: true }).status).toBe('current');
  expect(run('prettier', root, '--check', '.')).toContain('All matched files use Prettier code style!');
  expect(run('eslint', root, '.', '--max-warnings', '0')).toBe('');
  expect(run('tsc', root)).toBe('');
});
