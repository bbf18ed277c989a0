import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOwnPackage } from '../../inject';
import { currentLanguage } from '../../texts';

/** What the demo and the playground use of this package. */
const PARTS = ['package.json', 'dist', 'demo-miniprogram'];

/**
 * Runs a script of this package in a process of its own, which uses this terminal.
 *
 * @param script - its path in this package
 * @param fetched - folder of the packages that it needs; undefined where they are installed
 * @returns its exit code
 */
export async function runPackaged(
  script: string,
  args: string[],
  fetched: string | undefined,
): Promise<number> {
  if (fetched === undefined) return runIn(findOwnPackage(), script, args);
  // Node looks for packages above a script: a copy of this one is put below those that were fetched.
  const copy = mkdtempSync(join(fetched, 'run-'));
  try {
    for (const part of PARTS) cpSync(join(findOwnPackage(), part), join(copy, part), { recursive: true });
    return await runIn(copy, script, args);
  } finally {
    rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
  }
}

function runIn(packageDir: string, script: string, args: string[]): Promise<number> {
  const env = {
    ...process.env,
    SERVICEMARKET_DEMO: 'npx miniprogram-servicemarket demo',
    SERVICEMARKET_LANG: currentLanguage(),
  };
  const child = spawn(process.execPath, [join(packageDir, script), ...args], { stdio: 'inherit', env });
  // Ctrl+C reaches both processes, other signals this one alone: the script ends by itself, and the copy is removed then.
  const wait = (): void => {};
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', wait).on('SIGTERM', passOn).on('SIGHUP', passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', passOn).off('SIGHUP', passOn);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}
