/** The running playground: however it is ended, nothing of it stays. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { CLI } from '../support/built';
import { cleanUpAfterTest } from '../support/cleanup';
import { ROOT, temporaryFolder } from '../support/files';
import { until } from '../support/until';

const COMMAND = [process.execPath, CLI, 'playground'];
/** In a project that has the command as a script. The script of this repository would build the package first, beside other tests. */
const NPM = ['npm', 'run', '--silent', 'playground'];
/** ms from the signal until the last process is gone: an idle machine needs one second, and nothing may wait for a client. */
const MAX_END_MS = 30_000;

interface Running {
  url: string;
  /** Sends a signal to the process that was started, or to all of them, as a terminal does with Ctrl+C. */
  kill(signal: NodeJS.Signals, to: 'one' | 'all'): void;
  /** Waits until no process is left. */
  ended(): Promise<void>;
  /** Files that are left where programs put temporary and cached ones. */
  left(): string[];
  printed(): string;
}

async function run([program = '', ...args]: string[]): Promise<Running> {
  const folder = temporaryFolder();
  const scripts = { playground: `"${process.execPath}" "${CLI}" playground` };
  const project = temporaryFolder({ 'package.json': JSON.stringify({ scripts }) });
  const child = spawn(program, args, {
    cwd: project,
    env: { ...process.env, TMPDIR: folder, XDG_CACHE_HOME: folder, npm_config_cache: temporaryFolder() },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, by which all of its processes are found.
    detached: true,
  });
  const closed = once(child, 'close');
  const group = child.pid as number;
  cleanUpAfterTest(() => {
    if (isRunning(group)) process.kill(-group, 'SIGKILL');
  });
  let printed = '';
  child.stderr.on('data', (chunk) => (printed += String(chunk)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      if (/http:\S+/.test((printed += String(chunk)))) resolve();
    });
    child.once('exit', () => reject(new Error(`Failed to start the playground: ${printed}`)));
  });
  return {
    url: /http:\S+/.exec(printed)?.[0] as string,
    kill: (signal, to) => void process.kill(to === 'all' ? -group : group, signal),
    async ended() {
      await until(() => !isRunning(group), 'no process of the group was left', MAX_END_MS);
      // All that it has printed is read.
      await closed;
    },
    left: () => readdirSync(folder),
    printed: () => printed,
  };
}

/** Whether a process of a group is there, other than one that has ended and was not waited for. */
function isRunning(group: number): boolean {
  const states = execFileSync('ps', ['-e', '-o', 'pgid=,stat='], { encoding: 'utf8' }).split('\n');
  return states.some((line) => new RegExp(`^\\s*${group}\\s+[^Z]`).test(line));
}

describe('miniprogram-servicemarket playground', () => {
  test.each([
    ['the command', 'SIGINT', 'all', COMMAND],
    ['the command', 'SIGINT', 'one', COMMAND],
    ['the command', 'SIGTERM', 'one', COMMAND],
    ['the command', 'SIGHUP', 'one', COMMAND],
    ['npm', 'SIGINT', 'all', NPM],
    ['npm', 'SIGTERM', 'one', NPM],
  ] as const)('run by %s, ends with all that it has opened on %s to %s', async (_, signal, to, command) => {
    const { url, kill, ended, left, printed } = await run([...command]);
    // A page with a connection that is kept, and a picture that is being read.
    expect((await fetch(url)).status).toBe(200);
    const { outcome } = await readPicture(url);
    expect(left()).toEqual([expect.stringMatching(/^servicemarket-relay-/)]);
    kill(signal, to);
    await ended();
    expect(await outcome).toBe('broken');
    expect(left()).toEqual([]);
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(printed()).toMatch(/^The playground is at \S+ .+\nThe playground has ended\.\n$/);
  });
});

/** Has the OCR service read the sample. @returns when the request has left: what becomes of it */
async function readPicture(url: string): Promise<{ outcome: Promise<'answered' | 'broken'> }> {
  const [, token = ''] =
    /name="playground-token" content="(.+?)"/.exec(await (await fetch(url)).text()) ?? [];
  const picture = 'https://cdn.simulator.test/1-a';
  const body = {
    service: 'wx79ac3de8be320b71',
    api: 'OcrAllInOne',
    data: { img_url: picture, data_type: 3, ocr_type: 8 },
    files: { [picture]: readFileSync(join(ROOT, 'demo-miniprogram/sample.png')).toString('base64') },
  };
  const headers = { 'content-type': 'application/json', 'x-playground-token': token };
  const request = http.request(`${url}api/provide`, { method: 'POST', headers });
  const outcome = new Promise<'answered' | 'broken'>((resolve) => {
    request.once('response', () => resolve('answered')).once('error', () => resolve('broken'));
  });
  request.end(JSON.stringify(body));
  await once(request, 'finish');
  return { outcome };
}
