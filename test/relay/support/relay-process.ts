import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUpAfterTest } from '../../support/cleanup';
import { temporaryFolder } from '../../support/files';

const BUILT = join(__dirname, '../../../dist/node/relay.js');

/** Starts the relay from a configuration file and tells where; then tells its memory whenever it is asked. */
const SCRIPT = `
const { loadRelayConfig, startRelay } = require(process.argv[1]);
(async () => {
  const relay = await startRelay(await loadRelayConfig(process.argv[2]));
  process.send({ url: relay.address });
  process.on('message', () => {
    global.gc();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send({ rss, held: heapUsed + external, peak: process.resourceUsage().maxRSS * 1024 });
  });
})();
`;

export interface RelayProcess {
  url: string;
  process: ChildProcess;
  /** As `kill -9`: nothing is finished or written any more. */
  kill(): Promise<void>;
  /** Bytes: of resident memory now and at most so far, and what a collection of garbage has left. */
  memory(): Promise<{ rss: number; peak: number; held: number }>;
}

/** A relay in a process of its own, as it ships. */
export async function startProcess(config: object, env: Record<string, string> = {}): Promise<RelayProcess> {
  if (!existsSync(BUILT)) throw new Error(`Failed to find ${BUILT}. Run npm run build.`);
  const file = join(temporaryFolder(), 'relay.config.json');
  writeFileSync(file, JSON.stringify({ port: 0, users: { wx: true }, logLevel: 'silent', ...config }));
  const child = spawn(process.execPath, ['--expose-gc', '-e', SCRIPT, BUILT, file], {
    env: { ...process.env, WX_APPID: 'wxapp', WX_SECRET: 'app-secret', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  cleanUpAfterTest(kill);
  const answer = async <T>(): Promise<T> => {
    const [message] = (await Promise.race([once(child, 'message'), exited.then(() => [])])) as [T?];
    if (!message) throw new Error('The relay ended before it answered.');
    return message;
  };
  const { url } = await answer<{ url: string }>();
  return {
    url,
    process: child,
    kill,
    memory() {
      child.send('memory');
      return answer();
    },
  };
}

/** One user of a relay, with a session of its own. */
export async function signInAs(url: string, user: string) {
  const post = (path: string, body: unknown, token = ''): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
  const session = await post('/session', { credential: { type: 'wx', value: `good-${user}` } });
  if (session.status !== 200) throw new Error(`${user} could not sign in: ${await session.text()}`);
  const { token } = (await session.json()) as { token: string };
  return {
    token,
    invoke: (call: object, at = url) => signedPost(at, '/invoke', call),
  };

  function signedPost(at: string, path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return fetch(at + path, { method: 'POST', body: JSON.stringify(body), headers });
  }
}
