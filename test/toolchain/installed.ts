import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the folder of a toolchain that has a package.json of its own */
export function toolchain(name: string): string {
  return join(__dirname, name);
}

/** A `describe` that is skipped, and says how to change that, where the toolchain is not installed. */
export function describeWith(name: string, title: string, tests: () => void): void {
  if (existsSync(join(toolchain(name), 'node_modules'))) describe(title, tests);
  else describe.skip(`${title} [to run it: npm ci --ignore-scripts --prefix test/toolchain/${name}]`, tests);
}
