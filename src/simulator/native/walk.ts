import type { Any } from '../types';

/** The two passes of the host's own serviceMarket over `data` (protocol 4). */

/** Brand of the host's own CDN markers: the value of their `symbol` property. */
export type Brand = symbol;

const isMarker = (brand: Brand, value: Any): boolean => Boolean(value) && value.symbol === brand;

/** Pass 1: every marker in order of appearance, the same one as often as it appears. */
export function findMarkers(brand: Brand, data: unknown): Any[] {
  const found: Any[] = [];
  JSON.stringify(data, (_key, value: Any) => {
    if (!isMarker(brand, value)) return value as unknown;
    found.push(value);
    return undefined;
  });
  return found;
}

/** Pass 2: the JSON text with the URL of each marker that pass 1 saw, by identity; undefined URLs drop the key. */
export function textWithUrls(brand: Brand, data: unknown, urls: Map<unknown, unknown>): string | undefined {
  return JSON.stringify(data, (_key, value: Any) =>
    isMarker(brand, value) && urls.has(value) ? urls.get(value) : (value as unknown),
  ) as string | undefined;
}
