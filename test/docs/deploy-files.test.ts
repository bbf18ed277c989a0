/** The files of deploy/ name commands, packages and settings that are there. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/files';

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
  const relayPeers = ['fastify', '@fastify/multipart', '@fastify/cors', 'ioredis', '@aws-sdk/client-s3'];
  expect(others).toEqual(relayPeers);
  for (const peer of relayPeers) expect(peerDependencies).toHaveProperty(peer);
  expect(text).toContain('/readyz');
});

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
