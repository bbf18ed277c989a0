import { basename, join } from 'node:path';
import { channelsOf, configurationOf, type ProjectConfiguration } from '../project/configuration';
import { openFolder, requireFolder } from '../project/files';
import { cloudFunctionFolder, cloudFunctionRoot } from '../project/project-config';
import { type FunctionOptions, type FunctionResult, writeFunction } from './function-files';

const TEMPLATE = { parts: { 'cloud-function': undefined }, owned: ['settings.json'] };

/**
 * Writes the cloud function of the channel "cloud" (docs/deploy.md), every file or none; by default to its folder
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
    `List what may be called in ${join(folder, 'settings.json')}: {"services": {"<service>": ["<api>"]}, "callsPerHour": 600}.`,
    'Make the collections servicemarket_calls and servicemarket_limits in the cloud database; users must not read or write them.',
    ...(hasRoot
      ? []
      : ['Name the folder of the cloud functions in project.config.json, as "cloudfunctionRoot".']),
    `Upload ${name} in DevTools with its dependencies ("install in the cloud") and its trigger; its time limit has to be 60 s. For long tasks, set WX_APPID and WX_SECRET in its environment.`,
    ...(isConfigured
      ? []
      : [
          `Add to servicemarket.config.json: "cloud": {"env": "<environment id>", "function": "${name}"}, and "cloud" to "channels".`,
        ]),
    'Run "miniprogram-servicemarket inject", then "miniprogram-servicemarket doctor".',
  ];
}
