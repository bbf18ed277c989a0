/**
 * Compares two base library versions number by number; a missing or unreadable part counts as 0.
 *
 * @param a - for example `'2.10.0'`
 * @returns below 0 when `a` is older than `b`, 0 when equal, above 0 when newer
 */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < 3; i++) {
    const difference = (+left[i] || 0) - (+right[i] || 0);
    if (difference) return difference;
  }
  return 0;
}
