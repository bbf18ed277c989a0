/** The linter's zone of the shipped code: what ES5 or a core-js 2 base library lacks is refused. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const ESLINT = path.join(ROOT, 'node_modules/eslint/bin/eslint.js');

/** The lines of `source` in which the linter finds errors, as a file of the zone. */
function refused(source: string): number[] {
  let output: string;
  try {
    output = execFileSync(
      process.execPath,
      [ESLINT, '--stdin', '--stdin-filename', 'src/runtime/sample.ts', '-f', 'json'],
      { cwd: ROOT, input: source, encoding: 'utf8' },
    );
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const [{ messages }] = JSON.parse(output) as [{ messages: { line: number; severity: number }[] }];
  return [...new Set(messages.filter(({ severity }) => severity === 2).map(({ line }) => line))];
}

test('newer syntax that needs helpers, and newer built-ins, are refused line by line', () => {
  const lines = [
    'export const a = new Map();',
    'export const b = [1].includes(1);',
    'export const c = Object.entries({});',
    'export const d = Promise.resolve(1).finally(() => {});',
    'export async function e() {}',
    'export const f = [...[1]];',
    "export const g = 'x'.padStart(2);",
    'export const h = Symbol.iterator;',
    'export class I {}',
    'export function* j() {}',
    'export const k = Array.from([1]);',
    'export const l = new Uint8Array(1);',
    "export const m = 'x'.startsWith('x');",
    'export const n = Number.isInteger(1);',
  ];
  expect(refused(`${lines.join('\n')}\n`)).toEqual(lines.map((_, i) => i + 1));
});

test('ES5 and what TypeScript lowers without a helper are taken', () => {
  const source = [
    'export const a = [1].map((one) => one + 1).filter(Boolean);',
    "export const { b, c } = { b: 'x', c: `y${a}` };",
    'export const d = Object.assign({}, { b });',
    'export const e = new Promise<void>((resolve) => resolve());',
  ].join('\n');
  expect(refused(`${source}\n`)).toEqual([]);
});
