import { basename, join } from 'node:path';
import { cloudFunctionFolder, cloudFunctionRoot } from '../project/project-config';
import { configurationOf } from '../project/configuration';
import { openFolder, requireFolder } from '../project/files';
import { type FunctionOptions, type FunctionResult, writeFunction } from './function-files';
import { nextSteps } from './next-steps';

const TEMPLATE = { parts: { 'cloud-function': undefined }, owned: ['settings.json'] };

/**
 * Writes the cloud function of the channel "cloud" (docs/deploy.md), every file or none; by default into its
 * place below `cloudfunctionRoot` of project.config.json.
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
  const isFound = cloudFunctionRoot(project) !== undefined;
  return { ...written, next: nextSteps(folder, basename(folder), configuration, isFound) };
}
