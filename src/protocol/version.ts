/** `'2.10.0'` as a number that sorts as versions do. */
function rankOf(version: string): number {
  return (version + '.0.0').split('.', 3).reduce((rank, part) => rank * 1000 + (+part || 0), 0);
}

/**
 * Compares two base library versions number by number; a missing or unreadable part counts as 0.
 *
 * @param a - for example `'2.10.0'`
 * @returns below 0 when `a` is older than `b`, 0 when equal, above 0 when newer
 */
export function compareVersions(a: string, b: string): number {
  return rankOf(a) - rankOf(b);
}
