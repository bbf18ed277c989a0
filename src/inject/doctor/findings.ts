import type { Area } from '../project/package-roots';
import { channelsOf, type ProjectConfiguration } from '../project/configuration';
import { formatPlace, placeAt } from '../errors';
import { undeclaredPlugins } from '../sites/declared';
import { unusedChannels } from '../project/warnings';
import type { Forecast } from './forecast';

/** Something for the owner: `fix` is wrong now, `note` may be meant. */
export interface Finding {
  level: 'fix' | 'note';
  text: string;
}

/** What the manifests and the configuration tell, without a look at the injected files. */
export function findFindings(
  areas: Area[],
  configuration: ProjectConfiguration,
  forecasts: Forecast[],
): Finding[] {
  const undeclared = undeclaredPlugins(areas, Object.keys(configuration.plugins ?? {}));
  return [
    ...areas.flatMap(strictness),
    ...undeclared.map((text): Finding => ({ level: 'fix', text: `${text}.` })),
    ...unusedChannels(configuration).map((text): Finding => ({ level: 'note', text: `${text}.` })),
    ...relayFindings(configuration),
    ...carrierFindings(configuration, forecasts),
  ];
}

/** miniprogram-ci 2.1.42 reads manifests by JSON.parse; DevTools and this package are more tolerant. */
function strictness({ manifest: { path, text } }: Area): Finding[] {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return [];
  } catch {
    const at = formatPlace(placeAt(path, text, firstNonJson(text)));
    return [
      { level: 'fix', text: `${at}: miniprogram-ci refuses comments and trailing commas: take them out.` },
    ];
  }
}

/** The first comment, or the first comma before a closing bracket. */
function firstNonJson(text: string): number {
  const found = /"(?:\\.|[^"\\])*"|(\/[/*]|,(?=\s*[}\]]))/g;
  for (const match of text.matchAll(found)) if (match[1]) return match.index;
  return 0;
}

function relayFindings(configuration: ProjectConfiguration): Finding[] {
  const { relay } = configuration;
  if (!relay || !channelsOf(configuration).includes('relay') || relay.url.startsWith('https://')) return [];
  return [{ level: 'fix', text: `relay.url ${relay.url} is not HTTPS: phones refuse it.` }];
}

function carrierFindings(configuration: ProjectConfiguration, forecasts: Forecast[]): Finding[] {
  const without = forecasts.filter(({ upload }) => upload === 'none').map(({ baseLibrary }) => baseLibrary);
  if (!without.length) return [];
  // Where "cloud" is configured and does not upload, there is no wx.cloud.
  const advice = channelsOf(configuration).includes('cloud')
    ? '"relay"'
    : '"relay", or "cloud" (from 2.2.3 on)';
  const text = `CDN() content cannot be uploaded on ${without.join(', ')}: add the channel ${advice}, or do without CDN().`;
  return [{ level: 'note', text }];
}
