import { spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { later, temporaryFolder } from './harness';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** `describe`, or a visible skip that says what is missing. */
export const describeWithRedis = (name: string, tests: () => void): void =>
  hasRedis
    ? describe(name, tests)
    : describe.skip(
        `${name} [skipped: needs redis-server; install it: apt-get install -y redis-server]`,
        tests,
      );

/** A real Redis server on a socket of its own. @returns its address */
export async function openRedis(): Promise<string> {
  const folder = temporaryFolder();
  const socket = join(folder, 'redis.sock');
  const options = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  later(() => {
    server.kill();
    return ended;
  });
  await new Promise<void>((resolve) => {
    server.stdout.on('data', (text) => String(text).includes('eady to accept') && resolve());
  });
  return socket;
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
  later(() => server.close());
  return { endpoint: `http://127.0.0.1:${port}`, bucket: 'relay' };
}
