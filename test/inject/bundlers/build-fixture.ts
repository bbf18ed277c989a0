import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toolchain } from '../../toolchain/installed';
import { makeFolder } from '../support';

const ROOT = resolve(__dirname, '../../..');

/**
 * Builds a copy of a fixture with the packages of a toolchain and this package as it was built.
 *
 * @param command - run by node in the copy
 * @returns the copy
 */
export function buildFixture(
  fixtures: string[],
  tools: string,
  command: string[],
  env: NodeJS.ProcessEnv = {},
): string {
  const home = makeFolder();
  const project = join(home, 'project');
  for (const name of fixtures) cpSync(join(ROOT, 'test/fixtures', name), project, { recursive: true });
  mkdirSync(join(home, 'node_modules'));
  symlinkSync(ROOT, join(home, 'node_modules/miniprogram-servicemarket'));
  if (!existsSync(join(project, 'node_modules'))) {
    symlinkSync(join(toolchain(tools), 'node_modules'), join(project, 'node_modules'));
  }
  const { status, stderr, stdout } = spawnSync(process.execPath, command, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  if (status !== 0) throw new Error(`${command.join(' ')}:\n${stdout}\n${stderr}`);
  return project;
}
