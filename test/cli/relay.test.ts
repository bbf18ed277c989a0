import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startRelayCommand } from '../support/relay-command';
import { temporaryFolder } from '../support/files';
import { command } from '../support/command';
import { listen } from '../support/servers';
import { setEnvironment } from '../support/cleanup';

const PUBLIC = 'https://relay.example.com';
const config = () =>
  join(temporaryFolder({ 'relay.json': `{"users":{"jwt":{}},"publicUrl":"${PUBLIC}"}` }), 'relay.json');

describe('miniprogram-servicemarket relay', () => {
  test.each(['SIGTERM', 'SIGHUP'] as const)('listens, and ends on %s', async (signal) => {
    const env = { RELAY_JWT_SECRET: 'a-secret-of-at-least-thirty-two-characters' };
    const { child, line, url } = await startRelayCommand(config(), env, '--port', '0');
    expect(line).toContain(`The relay listens on ${url}, as ${PUBLIC} for`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('says what is wrong with its configuration', async () => {
    expect(await command('relay', '--config', '/no/such/file.json')).toEqual({
      code: 1,
      out: '',
      err: 'Failed to read /no/such/file.json: there is no such file. Correct its name, or make it a file that may be read.',
    });
  });

  describe('says what to do where it cannot start', () => {
    test('because its secret is short', async () => {
      setEnvironment({ RELAY_JWT_SECRET: 'short' });
      const file = config();
      expect(await command('relay', '--config', file)).toMatchObject({
        code: 1,
        err: `Failed to read ${file}: the environment variable RELAY_JWT_SECRET has fewer than 32 bytes. Set a longer one.`,
      });
    });

    test('because its port is taken', async () => {
      setEnvironment({ RELAY_JWT_SECRET: 's'.repeat(32) });
      const port = await listen(createServer());
      const ran = await command('relay', '--config', config(), '--port', String(port));
      expect(ran).toMatchObject({
        code: 1,
        err: `Failed to start the relay: listen EADDRINUSE: address already in use 127.0.0.1:${port}. Stop what listens there, or name another port by --port.`,
      });
    });

    test('because its host is elsewhere', async () => {
      setEnvironment({ RELAY_JWT_SECRET: 's'.repeat(32) });
      const file = join(temporaryFolder({ 'r.json': '{"users":{"jwt":{}},"host":"192.0.2.1"}' }), 'r.json');
      expect(await command('relay', '--config', file, '--port', '0')).toMatchObject({
        code: 1,
        err: expect.stringMatching(
          /^Failed to start the relay: listen EADDRNOTAVAIL: .*\. Correct "host" in the configuration: it is no address of this machine\.$/,
        ),
      });
    });
  });

  test.each([[['relay']], [['relay', '--config', 'x', '--port', '70000']]])(
    'wrong usage exits with 2: %j',
    async (args) => {
      expect((await command(...args)).code).toBe(2);
    },
  );
});
