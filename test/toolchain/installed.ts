import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the folder of a toolchain that has a package.json of its own */
export function toolchain(name: string): string {
  return join(__dirname, name);
}

/**
 * A `describe` that is skipped, and says how to change that, where the toolchain is not installed.
 *
 * @param others - how to install what else is missing; '' where nothing is
 */
export function describeWith(name: string, title: string, tests: () => void, others = ''): void {
  const isInstalled = existsSync(join(toolchain(name), 'node_modules'));
  const steps = [isInstalled ? '' : `npm ci --ignore-scripts --prefix test/toolchain/${name}`, others];
  const missing = steps.filter(Boolean).join('; ');
  if (missing) describe.skip(`${title} [to run it: ${missing}]`, tests);
  else describe(title, tests);
}
