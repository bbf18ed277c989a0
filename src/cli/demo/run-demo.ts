import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOwnPackage } from '../../inject';
import { currentLanguage } from '../../texts';

/** What the demo uses of this package. */
const PARTS = ['package.json', 'dist', 'demo-miniprogram'];

/**
 * Runs the demo in a process of its own, which uses this terminal.
 *
 * @param fetched - folder of the packages that the demo needs; undefined where they are installed
 * @returns its exit code
 */
export async function runDemo(args: string[], fetched: string | undefined): Promise<number> {
  if (fetched === undefined) return runIn(findOwnPackage(), args);
  // Node looks for packages above a script: a copy of this one is put below those that were fetched.
  const copy = mkdtempSync(join(fetched, 'run-'));
  try {
    for (const part of PARTS) cpSync(join(findOwnPackage(), part), join(copy, part), { recursive: true });
    return await runIn(copy, args);
  } finally {
    rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
  }
}

function runIn(packageDir: string, args: string[]): Promise<number> {
  const script = join(packageDir, 'demo-miniprogram', 'run.js');
  const env = {
    ...process.env,
    SERVICEMARKET_DEMO: 'npx miniprogram-servicemarket demo',
    SERVICEMARKET_LANG: currentLanguage(),
  };
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit', env });
  // Ctrl+C reaches both processes: the demo ends by itself, and the copy is removed then.
  const wait = (): void => {};
  process.on('SIGINT', wait);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', wait);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}
