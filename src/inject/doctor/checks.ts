import { formatLocation, locationAt } from '../errors';
import { channelsOf, type ProjectConfiguration } from '../project/configuration';
import type { ProjectFiles } from '../project/files';
import { parseJsonFile } from '../project/json-file';
import type { PackageRoot } from '../project/package-roots';
import { joinPath } from '../project/paths';
import { cloudFunctionFolder } from '../project/project-config';
import { checkChannelsAreUsed, checkPluginsAreDeclared } from '../project/warnings';
import type { Forecast } from './forecast';

/** Something for the owner: `fix` is wrong now, `note` may be meant. */
export interface Finding {
  level: 'fix' | 'note';
  text: string;
}

/** One message of a call may take this long (protocol 4); the platform's default for a cloud function is 3 s. */
const MIN_FUNCTION_TIMEOUT_S = 20;
const DEFAULT_FUNCTION_TIMEOUT_S = 3;

/** Checks the manifests, the configuration and the cloud function, without a look at the injected files. */
export function checkProject(
  files: ProjectFiles,
  roots: PackageRoot[],
  configuration: ProjectConfiguration,
  forecasts: Forecast[],
): Finding[] {
  const plugins = Object.keys(configuration.plugins ?? {});
  const undeclared = roots.flatMap((root) => checkPluginsAreDeclared(root, plugins));
  return [
    ...roots.flatMap(checkManifestIsStrictJson),
    ...undeclared.map((text): Finding => ({ level: 'fix', text: `${text}.` })),
    ...checkChannelsAreUsed(configuration).map((text): Finding => ({ level: 'note', text: `${text}.` })),
    ...checkRelayIsHttps(configuration),
    ...checkContentCanBeUploaded(configuration, forecasts),
    ...checkCloudFunctionTimeout(files, configuration),
  ];
}

/** miniprogram-ci 2.1.42 reads manifests by JSON.parse; DevTools and this package accept more. */
function checkManifestIsStrictJson({ manifest: { path, text } }: PackageRoot): Finding[] {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return [];
  } catch {
    const at = formatLocation(locationAt(path, text, findNonJson(text)));
    return [
      { level: 'fix', text: `${at}: miniprogram-ci refuses comments and trailing commas: take them out.` },
    ];
  }
}

/** @returns the offset of the first comment, or of the first comma before a closing bracket */
function findNonJson(text: string): number {
  const found = /"(?:\\.|[^"\\])*"|(\/[/*]|,(?=\s*[}\]]))/g;
  for (const match of text.matchAll(found)) if (match[1]) return match.index;
  return 0;
}

function checkRelayIsHttps(configuration: ProjectConfiguration): Finding[] {
  const { relay } = configuration;
  if (!relay || !channelsOf(configuration).includes('relay') || relay.url.startsWith('https://')) return [];
  return [{ level: 'fix', text: `relay.url ${relay.url} is not HTTPS: phones refuse it.` }];
}

function checkContentCanBeUploaded(configuration: ProjectConfiguration, forecasts: Forecast[]): Finding[] {
  const without = forecasts.filter(({ upload }) => upload === 'none').map(({ baseLibrary }) => baseLibrary);
  if (!without.length) return [];
  // Where "cloud" is configured and does not upload, there is no wx.cloud.
  const advice = channelsOf(configuration).includes('cloud')
    ? '"relay"'
    : '"relay", or "cloud" (from 2.2.3 on)';
  const text = `CDN() content cannot be uploaded on ${without.join(', ')}: add the channel ${advice}, or do without CDN().`;
  return [{ level: 'note', text }];
}

/** Looks at the time limit of the cloud function, where its folder is in the project. */
function checkCloudFunctionTimeout(files: ProjectFiles, configuration: ProjectConfiguration): Finding[] {
  if (!channelsOf(configuration).includes('cloud')) return [];
  const path = joinPath(cloudFunctionFolder(files, configuration), 'config.json');
  const text = files.read(path);
  if (text === undefined) return [];
  const config = parseJsonFile(path, text);
  const { timeout = DEFAULT_FUNCTION_TIMEOUT_S } = config.value;
  if (typeof timeout === 'number' && timeout >= MIN_FUNCTION_TIMEOUT_S) return [];
  const at = formatLocation(config.locate(['timeout']));
  return [
    {
      level: 'fix',
      text: `${at}: the cloud function may run ${JSON.stringify(timeout)} s, a call takes up to ${MIN_FUNCTION_TIMEOUT_S} s and is paid: set "timeout": 60, here and in the cloud console.`,
    },
  ];
}
