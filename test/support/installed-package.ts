import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Packs this package as `npm publish` would, and puts it into a project's node_modules, without what it needs. */
export function installPacked(project: string): void {
  const installed = join(project, 'node_modules/miniprogram-servicemarket');
  mkdirSync(installed, { recursive: true });
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
      cwd: resolve(__dirname, '../..'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  execFileSync('tar', ['-xzf', join(project, filename), '--strip-components=1', '-C', installed]);
}
