import { statSync } from 'node:fs';
import { join } from 'node:path';
import { channelsOf, configurationOf, type ProjectConfiguration } from '../project/configuration';
import { InjectError } from '../errors';
import { requireFolder } from '../project/files';
import { type FunctionOptions, type FunctionResult, writeFunction } from './function-files';

/** Where a uni-app project has the functions of each cloud. */
const CLOUDS = ['uniCloud-aliyun', 'uniCloud-tcb', 'uniCloud-alipay', 'uniCloud'];
const NAME = 'servicemarket';
/** HBuilderX writes the common modules that a function depends on into its manifest. */
const OWNED = ['settings.json', 'package.json'];
const TEMPLATE = {
  parts: { unicloud: undefined, 'cloud-function': ['calls.js', 'https.js', 'invocations.js', 'refusal.js'] },
  owned: OWNED,
};

/**
 * Writes the uniCloud function that is a relay (docs/deploy.md), every file or none.
 *
 * @param projectDir - the uni-app project
 * @throws InjectError when a file is there that is not as this package has it, or when the project has no cloud,
 *   or several, and `out` does not say where
 */
export function initUnicloud(projectDir: string, options: FunctionOptions = {}): FunctionResult {
  requireFolder(projectDir);
  const folder = options.out ?? join(findFunctions(projectDir), NAME);
  const written = writeFunction(folder, TEMPLATE, options);
  return { ...written, next: nextSteps(folder, configurationOf(projectDir)) };
}

function findFunctions(projectDir: string): string {
  const found = CLOUDS.map((cloud) => join(projectDir, cloud, 'cloudfunctions')).filter((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory(),
  );
  if (found.length === 1) return found[0];
  const cause = found.length
    ? `the project has several: ${found.join(', ')}`
    : `there is none of ${CLOUDS.map((cloud) => `${cloud}/cloudfunctions`).join(', ')}`;
  throw new InjectError("find the project's uniCloud functions", cause, 'Name the folder with --out DIR');
}

function nextSteps(folder: string, configuration: ProjectConfiguration): string[] {
  const isConfigured = channelsOf(configuration).includes('relay') && configuration.relay?.url !== undefined;
  return [
    `List what may be called in ${join(folder, 'settings.json')}: {"services": {"<service>": ["<api>"]}, …}.`,
    'Make the collections servicemarket_calls, servicemarket_limits, servicemarket_sessions and servicemarket_files in the database; clients must not read or write them.',
    'Give it the app\'s account, by "manage common modules" of HBuilderX: vk-unicloud (2.12 or later) where the project has it; else uni-config-center with servicemarket/config.json: {"appid": …, "secret": …}.',
    'Upload it. Its package.json asks for 60 s, an hourly timer, and the URL path /http/servicemarket; check all three in the console.',
    ...(isConfigured
      ? []
      : [
          'Add to servicemarket.config.json: "relay": {"url": "https://<domain of the functions>/http/servicemarket"}, and "relay" to "channels".',
        ]),
    "Register that domain as request and uploadFile domain in the platform's console.",
  ];
}
