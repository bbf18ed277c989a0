/** Data nested this deep fails for its depth and nothing else. */
const DEEP = 1000;

/**
 * Walks data the way JSON.stringify does, to say *where* a fault lies. Only runs once something failed.
 *
 * @param found - gets each value and the objects that hold it
 * @returns for example `data.images[2]`; `undefined` when nothing is found
 * @throws Error that names the depth, where the data is too deep to be walked
 */
export function locate(
  data: unknown,
  found: (value: any, holders: unknown[]) => boolean,
): string | undefined {
  const holders: unknown[] = [];
  let depth = 0;
  function visit(value: any, path: string): string | undefined {
    if (found(value, holders)) return path;
    if (!value || typeof value !== 'object' || typeof value.toJSON === 'function') return undefined;
    depth = Math.max(depth, holders.push(value));
    let place: string | undefined;
    Object.keys(value).some((key) => {
      place = visit(value[key], path + (Array.isArray(value) ? '[' + key + ']' : '.' + key));
      return !!place;
    });
    holders.pop();
    return place;
  }
  try {
    return visit(data, 'data');
  } catch (cause) {
    if (depth < DEEP) return undefined;
    throw new Error('data is nested more than ' + depth + ' levels deep, too deep for JSON.stringify');
  }
}
