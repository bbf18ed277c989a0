import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { cleanUpAfterTest } from '../../support/cleanup';
import { temporaryFolder } from '../../support/files';
import { freePort, listen } from '../../support/servers';
import { until } from '../../support/until';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** `describe`, or a visible skip that says what is missing. */
export const describeWithRedis = (name: string, tests: () => void): void =>
  hasRedis
    ? describe(name, tests)
    : describe.skip(
        `${name} [skipped: needs redis-server; install it: apt-get install -y redis-server]`,
        tests,
      );

/** What a server needs to be accepted: nothing evicted, everything in an append-only file. */
const SAFE = ['--save', '', '--appendonly', 'yes'];

/** A real Redis server on a socket of its own. @returns its address */
export async function openRedis(): Promise<string> {
  const socket = join(temporaryFolder(), 'redis.sock');
  await startRedis(['--port', '0', '--unixsocket', socket, ...SAFE]);
  return socket;
}

export interface RedisServer {
  port: number;
  /** Sends one command as a client without a library. */
  command(line: string): Promise<string>;
  /** As `kill -9`. */
  kill(): void;
}

/** A real Redis server on a port of loopback. */
export async function openRedisOnPort(options: string[] = SAFE): Promise<RedisServer> {
  const port = await freePort();
  const server = await startRedis(['--port', String(port), '--bind', '127.0.0.1', ...options]);
  return {
    port,
    command: (line) => sendLine(port, line),
    kill: () => server.kill('SIGKILL'),
  };
}

/** A real Sentinel that watches a server. @returns its port */
export async function openSentinel(master: number): Promise<number> {
  const port = await freePort();
  const file = join(temporaryFolder(), 'sentinel.conf');
  writeFileSync(file, `port ${port}\nbind 127.0.0.1\nsentinel monitor relay 127.0.0.1 ${master} 1\n`);
  await startRedis([], [file, '--sentinel'], '+monitor master');
  return port;
}

/** A replica of a server, which can be cut off from it and so falls behind. */
export async function openReplica(master: RedisServer): Promise<RedisServer & { fallBehind(): void }> {
  const link = await openName(master.port);
  const replica = await openRedisOnPort([...SAFE, '--replicaof', `127.0.0.1 ${link.port}`]);
  await until(async () => (await replica.command('INFO replication')).includes('link_status:up'));
  return { ...replica, fallBehind: () => link.mute() };
}

/** A name in front of servers, as a balancer or a DNS name is: it can lead to another one. */
export async function openName(first: number) {
  const state = { port: first, isMute: false };
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(state.port, '127.0.0.1');
    clients.add(client);
    client.on('data', (bytes) => target.write(bytes));
    target.on('data', (bytes) => state.isMute || client.write(bytes));
    for (const [one, other] of [
      [client, target],
      [target, client],
    ]) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
    client.on('close', () => clients.delete(client));
  });
  const port = await listen(server);
  const cut = (): void => clients.forEach((client) => client.destroy());
  cleanUpAfterTest(cut);
  return {
    port,
    /** New connections go to this port. */
    lead: (port: number) => void (state.port = port),
    /** Ends the connections. */
    cut,
    /** Passes no answers on any more. */
    mute: () => void (state.isMute = true),
  };
}

/**
 * @param first - what has to come before all other options
 * @param ready - what the log says as soon as the server answers
 */
async function startRedis(
  options: string[],
  first: string[] = [],
  ready = 'eady to accept',
): Promise<ChildProcess> {
  const server = spawn('redis-server', [...first, '--dir', temporaryFolder(), ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  cleanUpAfterTest(() => {
    server.kill('SIGKILL');
    return ended;
  });
  await new Promise<void>((resolve) => {
    server.stdout.on('data', (text) => String(text).includes(ready) && resolve());
  });
  return server;
}

function sendLine(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = connect(port, '127.0.0.1', () => client.write(`${line}\r\n`));
    client.on('error', reject);
    client.once('data', (bytes) => {
      client.destroy();
      resolve(String(bytes).trim());
    });
  });
}

/** An S3 server on loopback with one bucket. */
export async function openS3(): Promise<{ endpoint: string; bucket: string }> {
  const { default: S3rver } = await import('s3rver');
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: temporaryFolder(),
    configureBuckets: [{ name: 'relay', configs: [] }],
  });
  const { port } = (await server.run()) as unknown as AddressInfo;
  cleanUpAfterTest(() => server.close());
  return { endpoint: `http://127.0.0.1:${port}`, bucket: 'relay' };
}
