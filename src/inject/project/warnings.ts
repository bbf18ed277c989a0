import type { Area } from './package-roots';
import { channelsOf, type ProjectConfiguration } from './configuration';
import { formatPlace } from '../errors';
import { undeclaredPlugins } from '../sites/declared';

/**
 * What manifests and configuration say that is more likely a slip than a choice, a sentence each; nothing is wrong
 * with the injection itself.
 *
 * @param configuration - absent where no manifest asks for the shim: then it is not read
 */
export function findRemarks(areas: Area[], configuration: ProjectConfiguration = {}): string[] {
  const listed = Object.keys(configuration.plugins ?? {});
  return [...misspelt(areas), ...undeclaredPlugins(areas, listed), ...unusedChannels(configuration)];
}

/** @returns a sentence for each channel that is configured but may not be used */
export function unusedChannels(configuration: ProjectConfiguration): string[] {
  const { relay, cloud } = configuration;
  const channels = channelsOf(configuration);
  return Object.entries({ relay, cloud }).flatMap(([name, section]) =>
    section && !channels.includes(name as 'relay' | 'cloud')
      ? [`"${name}" is configured, but "channels" does not name it: it is not used`]
      : [],
  );
}

/** A key that is there but does not say true is more likely a slip than a choice, unless it says false. */
function misspelt(areas: Area[]): string[] {
  return areas.flatMap(({ manifest }) => {
    const value = manifest.value.servicemarket;
    if (typeof value === 'boolean' || value === undefined) return [];
    return [
      `${formatPlace(manifest.place(['servicemarket']))}: "servicemarket" is ${JSON.stringify(value)}; only true counts`,
    ];
  });
}
