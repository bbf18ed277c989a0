import { statSync } from 'node:fs';
import { join } from 'node:path';
import { channelsOf, configurationOf, type ProjectConfiguration } from '../project/configuration';
import { text } from '../../texts';
import { InjectError } from '../errors';
import { requireFolder } from '../project/files';
import { type FunctionOptions, type FunctionResult, writeFunction } from './function-files';

/** Where a uni-app project has the functions of each cloud. */
const CLOUDS = ['uniCloud-aliyun', 'uniCloud-tcb', 'uniCloud-alipay', 'uniCloud'];
const NAME = 'servicemarket';
const TEMPLATE = {
  name: 'unicloud',
  files: ['index.js', 'sax.js', 'package.json', 'settings.json'],
  // HBuilderX writes the common modules that a function depends on into its manifest.
  owned: ['settings.json', 'package.json'],
};

/**
 * Writes the uniCloud function that is a relay (docs/en/deploy.md), every file or none.
 *
 * @param projectDir - the uni-app project
 * @throws InjectError when a file is there that is not as this package has it, or when the project has no cloud,
 *   or several, and `out` does not say where
 */
export function initUnicloud(projectDir: string, options: FunctionOptions = {}): FunctionResult {
  requireFolder(projectDir);
  const folder = options.out ?? join(findFunctions(projectDir), NAME);
  const written = writeFunction(folder, TEMPLATE, options);
  return { ...written, next: listNextSteps(folder, configurationOf(projectDir)) };
}

function findFunctions(projectDir: string): string {
  const found = CLOUDS.map((cloud) => join(projectDir, cloud, 'cloudfunctions')).filter((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory(),
  );
  if (found.length === 1) return found[0];
  if (found.length) throw new InjectError('severalClouds', { found: found.join(', ') });
  throw new InjectError('noCloud', { wanted: CLOUDS.map((cloud) => `${cloud}/cloudfunctions`).join(', ') });
}

function listNextSteps(folder: string, configuration: ProjectConfiguration): string[] {
  const isConfigured = channelsOf(configuration).includes('relay') && configuration.relay?.url !== undefined;
  return [
    text('listUnicloudServices', { file: join(folder, 'settings.json') }),
    text('makeUnicloudCollections'),
    text('giveAccount'),
    text('uploadUnicloud'),
    ...(isConfigured ? [] : [text('configureRelay')]),
    text('registerDomain'),
  ];
}
