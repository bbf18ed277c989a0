import { spawn } from 'node:child_process';
import { CLI } from './built';
import { cleanUpAfterTest } from './cleanup';
import { until } from './until';

/**
 * Starts the command `relay` as it ships, and waits until it listens.
 *
 * @param file - its configuration
 * @param args - besides `--config`
 * @returns its process, the line in which it says where it listens, and that address
 */
export async function startRelayCommand(file: string, env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [CLI, 'relay', '--config', file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUpAfterTest(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  const [line, url = ''] = await until(
    () => /The relay listens on (http:[^\s,]+).*\n/.exec(printed),
    'the relay listened',
  );
  return { child, line, url };
}
