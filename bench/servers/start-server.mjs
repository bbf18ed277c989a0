import { fork } from 'node:child_process';
import { once } from 'node:events';
import { inPackage } from '../harness/paths.mjs';

/**
 * Starts one of the servers beside this file in a process of its own, on loopback.
 *
 * @returns `{url, ask(question), close()}`; `ask` sends a message and waits for the answer
 */
export async function startServer(name, settings = {}) {
  const child = fork(inPackage(`bench/servers/${name}.mjs`), { cwd: inPackage('.') });
  const ask = async (message) => {
    const answer = once(child, 'message');
    child.send(message);
    return (await answer)[0];
  };
  const { url } = await ask(settings);
  return {
    url,
    ask,
    async close() {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}
