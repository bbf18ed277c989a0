import type { CDNContent, CDNMarker } from '../protocol';
import { isMarker, stringify } from './cdn';
import { checkContent } from './content';

/** The page's data as it was at the call: a JSON text with a gap for each marker. */
export interface Payload {
  /** The content of each marker. */
  contents: CDNContent[];
  /** The JSON text with `urls[i]` in the place of marker i; `undefined` where the page gave no data. */
  fill(urls: string[]): string | undefined;
  /** A copy of the data with `replace(content)` in the place of each marker. */
  revive(replace: (content: CDNContent) => unknown): unknown;
}

/** Data nested this deep fails for its depth and nothing else. */
const DEEP = 1000;

/**
 * JSON.stringify with `visit` as its replacer, which also keeps the place: what is thrown, by whomever, gets
 * it as `path`, for example `data.images[2]`.
 */
function stringifyByPath(data: unknown, visit: (value: any) => unknown): string {
  const holders: unknown[] = [];
  const keys: string[] = [];
  let isVisiting = false;
  try {
    return JSON.stringify(data, function (this: unknown, key, value) {
      while (holders.length && holders[holders.length - 1] !== this) {
        holders.pop();
        keys.pop();
      }
      holders.push(value);
      keys.push(key || 'data');
      isVisiting = true;
      const replaced = visit(value);
      isVisiting = false;
      return replaced;
    });
  } catch (error: any) {
    if (keys.length > DEEP)
      throw new Error('data is nested too deep: JSON.stringify fails at level ' + keys.length);
    const last = holders.length - 1;
    // A toJSON of the page that throws does so before its key is known here.
    if (isVisiting || typeof holders[last] === 'bigint' || holders.indexOf(holders[last]) < last) {
      error.path = keys
        .map((key) => (/^\d+$/.test(key) ? '[' + key + ']' : '.' + key))
        .join('')
        .slice(1);
    }
    throw error;
  }
}

/**
 * Takes the snapshot of `data` and finds its markers (protocol 4).
 *
 * One native JSON.stringify does both: a marker's toJSON puts a random text in its place, so the cost is that
 * of the plain stringify. A second pass, with a replacer as the platform's two have, is made only where that
 * is not enough: something failed; a marker lacks our toJSON (an Object.assign copy, the host's own), which
 * shows as a key `options` in the text; or a toJSON of the page stringified a marker by itself.
 *
 * @param data - any value; not changed
 * @param isForeign - whether an object is a marker of the host's own
 * @throws what JSON.stringify throws, and Error for a bad marker; with a `path` where it is known
 */
export function readPayload(data: unknown, isForeign: (value: any) => boolean): Payload {
  const token = '#cdn:' + Math.random() + ':';
  let contents: CDNContent[] = [];
  let pieces: string[] = [];
  let text: string | undefined;

  function place({ options }: CDNMarker): string {
    checkContent(options);
    const { filePath } = options as { filePath?: string };
    return token + (contents.push(filePath ? { type: 'filePath', filePath } : options) - 1);
  }
  function cut(): void {
    pieces = (text || '').split('"' + token);
  }

  try {
    text = stringify(data, place);
    cut();
  } catch {
    text = '\\"' + token;
  }
  if (
    text &&
    (pieces.length <= contents.length || text.indexOf('\\"' + token) >= 0 || text.indexOf('"options":') >= 0)
  ) {
    contents = [];
    text = stringifyByPath(data, (value) =>
      value && (isMarker(value) || isForeign(value)) ? place(value) : value,
    );
    cut();
  }

  return {
    contents,
    fill(urls) {
      return (
        text &&
        pieces.reduce((filled, piece) => {
          const end = piece.indexOf('"');
          return filled + JSON.stringify(urls[+piece.slice(0, end)]) + piece.slice(end + 1);
        })
      );
    },
    revive(replace) {
      return JSON.parse(text!, (_key, value) =>
        typeof value === 'string' && value.indexOf(token) === 0
          ? replace(contents[+value.slice(token.length)])
          : value,
      );
    },
  };
}
