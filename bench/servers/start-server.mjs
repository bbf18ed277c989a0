import { fork } from 'node:child_process';
import { once } from 'node:events';
import { inPackage } from '../harness/paths.mjs';

/**
 * Starts one of the servers beside this file in a process of its own, on loopback.
 *
 * @param options - of `fork`
 * @returns `{url, ask(question), close()}`; `ask` sends a message and waits for the answer
 * @throws Error from `ask` where the server has ended
 */
export async function startServer(name, settings = {}, options = {}) {
  const child = fork(inPackage(`bench/servers/${name}.mjs`), { cwd: inPackage('.'), ...options });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The server "${name}" has ended: ${signal ?? code}`);
  });
  ended.catch(() => {});
  const ask = async (message) => {
    const answer = once(child, 'message');
    child.send(message, () => {});
    return (await Promise.race([answer, ended]))[0];
  };
  const { url } = await ask(settings);
  return {
    url,
    ask,
    async close() {
      child.kill();
      await ended.catch(() => {});
    },
  };
}
