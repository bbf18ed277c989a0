import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOwnPackage } from '../../inject';
import { currentLanguage } from '../../texts';

/** What the demo and the playground use of this package. */
const PARTS = ['package.json', 'dist', 'demo-miniprogram'];

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const WATCH_MS = 300;

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
  // Ctrl+C reaches both processes, other signals this one alone. The script ends by itself, and the copy is removed then.
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, passOn);
  const stopWatching = whenNpmIsGone(() => passOn('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const one of SIGNALS) process.off(one, passOn);
      stopWatching();
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

/**
 * npm and npx pass a signal on to the shell alone that they run this process in: both end, and nobody tells this one.
 *
 * @param act - is called again until watching is stopped
 * @returns stops watching
 */
function whenNpmIsGone(act: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.env.npm_command && process.ppid !== parent) act();
  }, WATCH_MS);
  return () => clearInterval(timer);
}
