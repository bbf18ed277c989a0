import js from '@eslint/js';
import esx from 'eslint-plugin-es-x';
import tseslint from 'typescript-eslint';

const newerThanES5 = Object.fromEntries(
  Object.entries(esx.rules)
    .filter(([, rule]) => !rule.meta.deprecated && /^ES20/.test(editionOf(rule)))
    .map(([name]) => [`es-x/${name}`, 'error']),
);

/** es-x says the edition only in its rule descriptions and presets; the presets are the machine-readable part. */
function editionOf(rule) {
  const name = Object.keys(esx.rules).find((key) => esx.rules[key] === rule);
  for (let year = 2015; year <= 2026; year++) {
    if (esx.configs[`flat/no-new-in-es${year}`]?.rules?.[`es-x/${name}`]) return `ES${year}`;
  }
  return '';
}

/** Syntax that TypeScript lowers to ES5 without a helper, and what a core-js 2 base library brings. */
const lowered = [
  'no-arrow-functions',
  'no-block-scoped-variables',
  'no-default-parameters',
  'no-destructuring',
  'no-modules',
  'no-property-shorthands',
  'no-template-literals',
  'no-optional-catch-binding',
  'no-promise',
  'no-object-assign',
  'no-trailing-function-commas',
];

export default tseslint.config(
  {
    ignores: [
      '.cache',
      'docs/public',
      'docs/.vitepress/dist',
      'dist',
      'miniprogram_dist',
      'coverage',
      'test/fixtures',
      'test/toolchain',
      '**/node_modules',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/runtime/**/*.ts', 'src/protocol/**/*.ts'],
    plugins: { 'es-x': esx },
    settings: { 'es-x': { aggressive: true } },
    rules: {
      ...newerThanES5,
      ...Object.fromEntries(lowered.map((name) => [`es-x/${name}`, 'off'])),
      // By name alone they cannot be told from the ES5 methods of Array.
      ...Object.fromEntries(
        ['every', 'filter', 'foreach', 'map', 'reduce', 'some'].map((name) => [
          `es-x/no-iterator-prototype-${name}`,
          'off',
        ]),
      ),
      'no-console': ['error', { allow: ['warn', 'error'] }],
      // ES5's Error takes no cause.
      'preserve-caught-error': 'off',
      // The host is probed member by member and comes in hundreds of shapes: it has no type to import.
      '@typescript-eslint/no-explicit-any': 'off',
    },
  },
  {
    files: [
      'build/**',
      'docs/.vitepress/**',
      'rollup.config.mjs',
      'src/cli/**',
      'demo-miniprogram/**',
      'bench/**',
      'test/**',
    ],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', Buffer: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: Object.fromEntries(
        ['module', 'require', 'exports', '__dirname', 'setTimeout', 'clearTimeout', 'URL', 'fetch'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // The common modules of a project are there or not, and one of them has to be given `require` itself.
    files: ['src/functions/unicloud/index.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['demo-miniprogram/{miniprogram,plugin,plugin-host}/**/*.js', 'src/playground/examples/**/*.js'],
    languageOptions: {
      globals: {
        wx: 'readonly',
        App: 'readonly',
        Page: 'readonly',
        getApp: 'readonly',
        requirePlugin: 'readonly',
      },
    },
  },
);
