import { ERR_ARGUMENT } from '../../protocol';
import { failure, printed } from '../core/failure';

/** Beyond this depth any exception is reported as "nested too deep": its own message would be about the stack. */
const MAX_DEPTH = 1000;

/**
 * JSON.stringify with `visit` as its replacer, which knows where in the data it is.
 *
 * @param visit - returns what to write instead of a value, or the value itself
 * @throws Failure for whatever is thrown, by JSON.stringify, by `visit` or by a toJSON of the page, with the place as
 *   `path`, for example `data.images[2]`
 */
export function stringifyWithPath(data: unknown, visit: (value: any) => unknown): string {
  const holders: unknown[] = [];
  const keys: string[] = [];
  let isVisiting: unknown;
  try {
    return JSON.stringify(data, function (this: unknown, key, value) {
      const depth = holders.lastIndexOf(this) + 1;
      holders.length = keys.length = depth;
      holders[depth] = value;
      keys[depth] = /^\d+$/.test(key) ? '[' + key + ']' : '.' + key;
      isVisiting = true;
      const replaced = visit(value);
      isVisiting = false;
      return replaced;
    });
  } catch (cause) {
    const depth = keys.length;
    if (depth > MAX_DEPTH)
      throw failure(ERR_ARGUMENT, 'data is nested too deep: ' + depth + ' levels', { cause });
    const last = holders[depth - 1];
    // A toJSON of the page that throws does so before its key is known here, so the path would be of the value before.
    const isKnown = isVisiting || typeof last === 'bigint' || holders.indexOf(last) < depth - 1;
    const path = isKnown ? 'data' + keys.slice(1).join('') : undefined;
    throw failure(ERR_ARGUMENT, printed(cause), { cause, path });
  }
}
