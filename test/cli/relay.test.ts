import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeFolder, removeFolders } from '../inject/support';
import { command } from './support';

afterAll(removeFolders);

const PUBLIC = 'https://relay.example.com';
const config = () =>
  join(makeFolder({ 'relay.json': `{"users":{"jwt":{}},"publicUrl":"${PUBLIC}"}` }), 'relay.json');

describe('miniprogram-servicemarket relay', () => {
  test('listens, and ends on SIGTERM', async () => {
    const cli = join(__dirname, '../../dist/node/cli.js');
    const child = spawn(process.execPath, [cli, 'relay', '--config', config(), '--port', '0'], {
      env: { ...process.env, RELAY_JWT_SECRET: 'a secret of at least thirty-two characters' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let out = '';
      for await (const chunk of child.stdout) if (/listens on .*\n/.test((out += String(chunk)))) break;
      const [, url, outside] = /The relay listens on (\S+), as (\S+) for/.exec(out) ?? [];
      expect(outside).toBe(PUBLIC);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('says what is wrong with its configuration', async () => {
    expect(await command('relay', '--config', '/no/such/file.json')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Failed to read .*no such file/),
    });
  });

  test.each([[['relay']], [['relay', '--config', 'x', '--port', '70000']]])(
    'wrong usage exits with 2: %j',
    async (args) => {
      expect((await command(...args)).code).toBe(2);
    },
  );
});
