import { basename, join } from 'node:path';
import { text } from '../../texts';
import { channelsOf, configurationOf, type ProjectConfiguration } from '../project/configuration';
import { openFolder, requireFolder } from '../project/files';
import { cloudFunctionFolder, cloudFunctionRoot } from '../project/project-config';
import { type FunctionOptions, type FunctionResult, writeFunction } from './function-files';

const TEMPLATE = {
  name: 'cloud-function',
  files: ['index.js', 'package.json', 'config.json', 'settings.json'],
  owned: ['settings.json'],
};

/**
 * Writes the cloud function of the channel "cloud" (docs/en/deploy.md), every file or none; by default to its folder
 * below `cloudfunctionRoot` of project.config.json.
 *
 * @param projectDir - the folder with project.config.json
 * @throws InjectError when a file is there that is not as this package has it: it may be the owner's work
 */
export function initCloudFunction(projectDir: string, options: FunctionOptions = {}): FunctionResult {
  requireFolder(projectDir);
  const project = openFolder(projectDir);
  const configuration = configurationOf(projectDir);
  const folder = options.out ?? join(projectDir, cloudFunctionFolder(project, configuration));
  const written = writeFunction(folder, TEMPLATE, options);
  const hasRoot = cloudFunctionRoot(project) !== undefined;
  return { ...written, next: listNextSteps(folder, configuration, hasRoot) };
}

/** @param hasRoot - whether project.config.json names a folder of cloud functions */
function listNextSteps(folder: string, configuration: ProjectConfiguration, hasRoot: boolean): string[] {
  const name = basename(folder);
  const isConfigured = channelsOf(configuration).includes('cloud') && configuration.cloud?.function === name;
  return [
    text('listServices', { file: join(folder, 'settings.json') }),
    text('makeCollections'),
    ...(hasRoot ? [] : [text('nameCloudRoot')]),
    text('uploadFunction', { name }),
    ...(isConfigured ? [] : [text('configureCloud', { name })]),
    text('injectAndDoctor'),
  ];
}
