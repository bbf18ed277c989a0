/** The files of deploy/ name commands, packages and settings that are there, and what they start answers. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { parse } from 'yaml';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder, ROOT } from '../support/files';

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
const { name, bin, peerDependencies } = JSON.parse(read('package.json')) as {
  name: string;
  bin: Record<string, string>;
  peerDependencies: Record<string, string>;
};
const COMMAND = `node_modules/${name}/${bin[name].replace('./', '')}`;

test.each(['Containerfile', 'servicemarket-relay.service'])("%s runs the package's own command", (file) => {
  const text = read(`deploy/${file}`).replace(/", "/g, ' ');
  expect(text).toContain(`${COMMAND} relay --config relay.config.json`);
});

test('the container has every package that the relay may need, and asks for a path that it answers', () => {
  const text = read('deploy/Containerfile');
  const [, packages] = /npm install --omit=dev (.*)/.exec(text) as RegExpExecArray;
  const [own, ...others] = packages.split(' ');
  expect(own).toBe(name);
  const relayPeers = [
    'fastify',
    '@fastify/multipart',
    '@fastify/cors',
    'ioredis',
    '@aws-sdk/client-s3',
    'prom-client',
  ];
  expect(others).toEqual(relayPeers);
  for (const peer of relayPeers) expect(peerDependencies).toHaveProperty(peer);
  expect(text).toContain('/readyz');
});

/** The command of a file, as its words. */
const commandOf: Record<string, () => string[]> = {
  Containerfile: () => JSON.parse(/^CMD (.*)$/m.exec(read('deploy/Containerfile'))![1]) as string[],
  'servicemarket-relay.service': () =>
    /^ExecStart=(.*)$/m.exec(read('deploy/servicemarket-relay.service'))![1].split(' '),
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.each(Object.keys(commandOf))(
  'the command of %s starts a relay that the health check finds, and that stops on SIGTERM',
  async (file) => {
    const [node, ...words] = commandOf[file]();
    expect(path.basename(node)).toBe('node');
    const port = await freePort();
    const folder = temporaryFolder({
      'relay.config.json': JSON.stringify({ port, folder: 'data', users: { wx: true }, services: {} }),
    });
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(ROOT, path.join(folder, 'node_modules', name));
    const env = { ...process.env, WX_APPID: 'wx1', WX_SECRET: 'secret' };
    const relay = spawn(process.execPath, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(relay, 'exit');
    cleanUpAfterTest(() => relay.kill('SIGKILL'));
    const [first] = (await once(relay.stdout, 'data')) as [Buffer];
    expect(String(first)).toContain(String(port));

    // Its port is the one of the configuration in the container.
    const check = /HEALTHCHECK .* CMD (.*)$/m
      .exec(read('deploy/Containerfile'))![1]
      .replaceAll('8080', `${port}`);
    const [, ...healthWords] = JSON.parse(check) as string[];
    expect(spawnSync(process.execPath, healthWords).status).toBe(0);
    relay.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(spawnSync(process.execPath, healthWords).status).toBe(1);
  },
);

test('compose.yaml is YAML, builds from the file beside it, and mounts the volumes that it has', () => {
  const compose = parse(read('deploy/compose.yaml')) as {
    services: Record<
      string,
      { build?: { context: string; dockerfile: string }; volumes?: string[]; depends_on?: string[] }
    >;
    volumes: Record<string, unknown>;
  };
  const services = Object.values(compose.services);
  const [relay] = services.flatMap(({ build }) => build ?? []);
  expect(fs.existsSync(path.join(ROOT, 'deploy', relay.context, relay.dockerfile))).toBe(true);
  const mounted = services.flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]));
  expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.volumes)));
  for (const needed of services.flatMap(({ depends_on: needs = [] }) => needs)) {
    expect(compose.services).toHaveProperty(needed);
  }
});

test('each line of the unit is a section, a setting or a comment', () => {
  const unit = read('deploy/servicemarket-relay.service');
  const others = unit
    .split('\n')
    .filter((line) => !/^(?:|#.*|\[(?:Unit|Service|Install)\]|[A-Z]\w+=\S.*)$/.test(line));
  expect(others).toEqual([]);
});

if (spawnSync('systemd-analyze', ['--version']).status === 0) {
  test('systemd finds no fault with the unit', () => {
    const folder = temporaryFolder({
      'servicemarket-relay.service': read('deploy/servicemarket-relay.service').replace(
        '/usr/bin/node',
        process.execPath,
      ),
    });
    const unit = path.join(folder, 'servicemarket-relay.service');
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
}

test('Redis gets the three lines that the relay asks for', () => {
  expect(read('deploy/compose.yaml')).toContain(
    '--appendonly yes --appendfsync everysec --maxmemory-policy noeviction',
  );
});

test.each([
  ['compose.yaml', /stop_grace_period: (\d+)s/],
  ['servicemarket-relay.service', /TimeoutStopSec=(\d+)/],
])('%s stops the relay later than the platform may answer', (file, pattern) => {
  const [, seconds] = pattern.exec(read(`deploy/${file}`)) as RegExpExecArray;
  const schema = JSON.parse(read('src/relay/config/relay.config.schema.json')) as {
    properties: { upstreamTimeout: { default: number } };
  };
  expect(Number(seconds) * 1000).toBeGreaterThan(schema.properties.upstreamTimeout.default);
});
