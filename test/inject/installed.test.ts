import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../support/files';

const DIST = resolve(__dirname, '../../dist');

describe('the Node files where nothing else is installed', () => {
  test.each(['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'])(
    'make a plugin for %s',
    (bundler) => {
      const folder = temporaryFolder();
      cpSync(join(DIST, 'node'), folder, { recursive: true });
      const script = `process.stdout.write(typeof require('./unplugin.js').serviceMarket.${bundler}())`;
      expect(execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })).toBe(
        'object',
      );
    },
  );

  test('say what a relay needs, once it is made', () => {
    const folder = temporaryFolder();
    cpSync(join(DIST, 'node'), folder, { recursive: true });
    const script =
      "require('./relay.js').startRelay({ authenticate() {} }).catch((e) => process.stdout.write(e.message))";
    expect(execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })).toBe(
      'Failed to load fastify: it is not installed. Run: npm install fastify @fastify/multipart @fastify/cors.',
    );
  });

  test('refuse an option that there is not', () => {
    const folder = temporaryFolder();
    cpSync(join(DIST, 'node'), folder, { recursive: true });
    const script = "require('./unplugin.js').serviceMarket.rollup({ manifset: '' })";
    const { stderr } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toContain('Failed to make the plugin: there is no option "manifset".');
  });
});
