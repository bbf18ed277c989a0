import { ERR_ARGUMENT } from '../../protocol';
import type { CDNContent, CDNMarker } from '../../protocol';
import { isMarker, stringify } from './cdn';
import { readContent } from './content';
import { nativeBrand } from '../install/native-market';
import { failure } from '../core/failure';

/** The page's data as it was at the call: a JSON text with a gap for each marker. */
export interface Payload {
  /** The content of each marker. */
  contents: CDNContent[];
  /** The text has a gap for each content, and nothing in it that may be a marker unseen. */
  isWhole: boolean;
  /** The JSON text with `urls[i]` in the place of marker i; `undefined` where the page gave no data. */
  textWith(urls: string[]): string | undefined;
  /** A copy of the data with `replace(content)` in the place of each marker. */
  revive(replace: (content: CDNContent) => unknown): unknown;
}

/** Data nested this deep fails for its depth and nothing else. */
const DEEP = 1000;

/**
 * JSON.stringify with `visit` as its replacer, which also keeps the place.
 *
 * @throws Failure with what was thrown, by whomever, and its place as `path`, for example `data.images[2]`
 */
function stringifyByPath(data: unknown, visit: (value: any) => unknown): string {
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
    if (depth > DEEP)
      throw failure(ERR_ARGUMENT, 'data is nested too deep: ' + depth + ' levels', {
        cause,
      });
    const last = holders[depth - 1];
    // A toJSON of the page that throws does so before its key is known here.
    const isKnown = isVisiting || typeof last === 'bigint' || holders.indexOf(last) < depth - 1;
    const path = isKnown ? 'data' + keys.slice(1).join('') : undefined;
    throw failure(ERR_ARGUMENT, String(cause), { cause, path });
  }
}

/**
 * Stands in for a marker, with its number: random, so that no data can have it by itself. It begins with a character
 * that JSON writes as it is and that texts hardly have, so that it is found fast.
 */
const TOKEN = '\u007f' + Math.random() + ':';

/** Makes a payload of the JSON text that `write` gives, with `place(marker)` in the place of each marker. */
function payloadOf(write: (place: (marker: CDNMarker) => string) => string | undefined): Payload {
  const contents: CDNContent[] = [];
  const text = write(({ options }) => TOKEN + (contents.push(readContent(options)) - 1))!;
  /** What stands before each gap, and the number of its marker. */
  const pieces: string[] = [];
  const places: number[] = [];
  let end = 0;
  // Counted, because a plugin that patches indexOf must not hang the host.
  while (contents.length && places.length <= contents.length) {
    const at = text.indexOf(TOKEN, end);
    if (at < 0) break;
    pieces.push(text.slice(end, at));
    end = text.indexOf('"', at);
    places.push(text.charAt(at - 1) === '"' ? +text.slice(at + TOKEN.length, end) : NaN);
  }

  return {
    contents,
    // A toJSON of the page may have stringified a marker by itself, or changed what stood for it.
    isWhole:
      places.filter((place) => place >= 0).length === contents.length &&
      !(text && text.indexOf('"options":') >= 0),
    textWith(urls) {
      let filled = '';
      for (let i = 0; i < pieces.length; i++)
        filled += pieces[i] + JSON.stringify(urls[places[i]!]).slice(1, -1);
      return text && filled + text.slice(end);
    },
    revive: (replace) =>
      JSON.parse(text, (_key, value) =>
        typeof value === 'string' && value.indexOf(TOKEN) === 0
          ? replace(contents[+value.slice(TOKEN.length)])
          : value,
      ),
  };
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
 * @throws Failure for what JSON.stringify throws and for a bad marker, with the place as `path`
 */
export function readPayload(data: unknown): Payload {
  try {
    const payload = payloadOf((place) => stringify(data, place));
    if (payload.isWhole) return payload;
  } catch {
    // The second pass fails too, and knows where.
  }
  const brand = nativeBrand();
  return payloadOf((place) =>
    stringifyByPath(data, (value) => (isMarker(value, brand) ? place(value) : value)),
  );
}
