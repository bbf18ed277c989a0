/** Differences between two observations, by their places. */

export interface Difference {
  /** For example `events[1][1].errMsg`. */
  place: string;
  real: unknown;
  simulated: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object';

/** Every place at which two JSON values differ; one that is missing is undefined there. */
export function differences(real: unknown, simulated: unknown, place = ''): Difference[] {
  if (Object.is(real, simulated)) return [];
  const bothLists = Array.isArray(real) && Array.isArray(simulated);
  const bothObjects =
    isObject(real) && isObject(simulated) && !Array.isArray(real) && !Array.isArray(simulated);
  if (!bothLists && !bothObjects) return [{ place, real, simulated }];
  const keys = new Set([...Object.keys(real), ...Object.keys(simulated)]);
  return [...keys].flatMap((key) => {
    const inside = bothLists ? `${place}[${key}]` : `${place}.${key}`;
    return differences(
      (real as Record<string, unknown>)[key],
      (simulated as Record<string, unknown>)[key],
      inside.replace(/^\./, ''),
    );
  });
}
