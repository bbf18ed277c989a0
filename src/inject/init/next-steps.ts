import { join } from 'node:path';
import { channelsOf, type ProjectConfiguration } from '../project/configuration';

/**
 * What the owner does with a cloud function that was written.
 *
 * @param folder - where it stands
 * @param name - the function's name
 * @param isFound - whether project.config.json names a folder of cloud functions
 */
export function nextSteps(
  folder: string,
  name: string,
  configuration: ProjectConfiguration,
  isFound: boolean,
): string[] {
  const isConfigured = channelsOf(configuration).includes('cloud') && configuration.cloud?.function === name;
  return [
    `List what may be called in ${join(folder, 'settings.json')}: {"services": {"<service>": ["<api>"]}, "callsPerHour": 600}.`,
    'Make the collections servicemarket_calls and servicemarket_limits in the cloud database; users must not read or write them.',
    ...(isFound
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
