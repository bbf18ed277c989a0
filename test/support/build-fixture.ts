import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { toolchain } from '../toolchain/installed';
import { cleanUpAfterTest } from './cleanup';
import { ROOT, temporaryFolder } from './files';

/**
 * Builds a copy of a fixture with the packages of a toolchain and this package as it was built.
 *
 * @param fixtures - folders of test/fixtures, copied over one another
 * @param command - run by node in the copy
 * @param cleanUp - `cleanUpAfterSuite` for what a `beforeAll` builds
 * @returns the copy
 * @throws Error with all that the command printed, where it failed
 */
export function buildFixture(
  fixtures: string[],
  tools: string,
  command: string[],
  env: NodeJS.ProcessEnv = {},
  cleanUp = cleanUpAfterTest,
): string {
  const home = temporaryFolder({}, cleanUp);
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
