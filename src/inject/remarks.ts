import type { Area } from './areas';
import { formatPlace } from './errors';
import { undeclaredPlugins } from './plugins/declared';

/**
 * What manifests and configuration say that is more likely a slip than a choice, a sentence each; nothing is wrong
 * with the injection itself.
 *
 * @param listed - names of the configuration's `plugins`
 */
export function findRemarks(areas: Area[], listed: string[]): string[] {
  return [...misspelt(areas), ...undeclaredPlugins(areas, listed)];
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
