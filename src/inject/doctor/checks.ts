import { currentLanguage, text } from '../../texts';
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
    ...undeclared.map((warning) => ({ level: 'fix', text: asSentence(warning) }) as const),
    ...checkChannelsAreUsed(configuration).map(
      (warning) => ({ level: 'note', text: asSentence(warning) }) as const,
    ),
    ...checkRelayIsHttps(configuration),
    ...checkContentCanBeUploaded(configuration, forecasts),
    ...checkCloudFunctionTimeout(files, configuration),
  ];
}

/** miniprogram-ci 2.1.42 reads manifests by JSON.parse; DevTools and this package accept more. */
function checkManifestIsStrictJson({ manifest: { path, text: source } }: PackageRoot): Finding[] {
  try {
    JSON.parse(source.replace(/^\uFEFF/, ''));
    return [];
  } catch {
    const location = formatLocation(locationAt(path, source, findNonJson(source)));
    return [{ level: 'fix', text: text('notStrictJson', { location }) }];
  }
}

/** @returns the offset of the first comment, or of the first comma before a closing bracket */
function findNonJson(source: string): number {
  const found = /"(?:\\.|[^"\\])*"|(\/[/*]|,(?=\s*[}\]]))/g;
  for (const match of source.matchAll(found)) if (match[1]) return match.index;
  return 0;
}

function checkRelayIsHttps(configuration: ProjectConfiguration): Finding[] {
  const { relay } = configuration;
  if (!relay || !channelsOf(configuration).includes('relay') || relay.url.startsWith('https://')) return [];
  return [{ level: 'fix', text: text('relayNotHttps', { url: relay.url }) }];
}

function checkContentCanBeUploaded(configuration: ProjectConfiguration, forecasts: Forecast[]): Finding[] {
  const without = forecasts.filter(({ upload }) => upload === 'none').map(({ baseLibrary }) => baseLibrary);
  if (!without.length) return [];
  // Where "cloud" is configured and does not upload, there is no wx.cloud.
  const advice = channelsOf(configuration).includes('cloud') ? '"relay"' : text('relayOrCloud');
  return [{ level: 'note', text: text('noUpload', { versions: without.join(', '), advice }) }];
}

/** Looks at the time limit of the cloud function, where its folder is in the project. */
function checkCloudFunctionTimeout(files: ProjectFiles, configuration: ProjectConfiguration): Finding[] {
  if (!channelsOf(configuration).includes('cloud')) return [];
  const path = joinPath(cloudFunctionFolder(files, configuration), 'config.json');
  const source = files.read(path);
  if (source === undefined) return [];
  const config = parseJsonFile(path, source);
  const { timeout = DEFAULT_FUNCTION_TIMEOUT_S } = config.value;
  if (typeof timeout === 'number' && timeout >= MIN_FUNCTION_TIMEOUT_S) return [];
  const values = {
    location: formatLocation(config.locate(['timeout'])),
    timeout: JSON.stringify(timeout),
    least: MIN_FUNCTION_TIMEOUT_S,
  };
  return [{ level: 'fix', text: text('functionTimeout', values) }];
}

function asSentence(warning: string): string {
  return warning + (currentLanguage() === 'zh' ? '。' : '.');
}
