import { fork } from 'node:child_process';
import { once } from 'node:events';
import { clearTimeout, setTimeout } from 'node:timers';
import { inPackage } from './paths.mjs';

const TIMEOUT = 600_000;

/**
 * Measures one row in a process of its own, so that no row is slowed down by what another one left behind.
 *
 * @returns rows by key; `{error}` in the place of a row that could not be measured
 */
export async function forkMetric(metric, key, context) {
  const child = fork(inPackage('bench/harness/one-metric.mjs'), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    cwd: inPackage('.'),
  });
  let answer = { error: 'The process ended without a result.' };
  child.on('message', (message) => {
    answer = message;
  });
  child.send({ metric, key, context });
  const timer = setTimeout(() => child.kill(), TIMEOUT);
  await once(child, 'exit');
  clearTimeout(timer);
  return answer.rows ?? { [key]: { error: answer.error } };
}
