import type { CDNContent, CDNMarker } from '../protocol';
import { isMarker, stringify } from './cdn';
import { checkContent } from './content';
import { locate } from './locate';

/** The page's data as it was at the call: a JSON text with a gap for each marker. */
export interface Payload {
  /** The content of each marker. */
  contents: CDNContent[];
  /** The JSON text with `urls[i]` in the place of marker i; `undefined` where the page gave no data. */
  fill(urls: string[]): string | undefined;
  /** A copy of the data with `replace(content)` in the place of each marker. */
  revive(replace: (content: CDNContent) => unknown): unknown;
}

/** Throws an error again, with the place in the data that it is about. */
function rethrow(error: any, data: unknown, found: (value: any, holders: unknown[]) => boolean): never {
  error.path = locate(data, found);
  throw error;
}

/**
 * Takes the snapshot of `data` and finds its markers (protocol 4).
 *
 * One native JSON.stringify does both: a marker's toJSON puts a random text in its place, so the cost is that
 * of the plain stringify. Two things make a second pass necessary, with a replacer as the platform's two are:
 * a marker without our toJSON (an Object.assign copy, the host's own marker), which shows as a key `options`
 * in the text; and a toJSON of the page that stringified a marker by itself.
 *
 * @param data - any value; not changed
 * @param isForeign - whether an object is a marker of the host's own
 * @throws what JSON.stringify throws, and Error for a bad marker; with a `path` where it is known
 */
export function readPayload(data: unknown, isForeign: (value: any) => boolean): Payload {
  const token = '#cdn:' + Math.random() + ':';
  let markers: CDNMarker[] = [];
  let text: string | undefined;
  let pieces: string[] = [];

  function place(marker: CDNMarker): string {
    return token + (markers.push(marker) - 1);
  }
  function cut(): string[] {
    return text ? text.split('"' + token) : [''];
  }

  try {
    text = stringify(data, place);
    pieces = cut();
    const isCopied = pieces.length <= markers.length || (text && text.indexOf('\\"' + token) >= 0);
    if (text && (isCopied || text.indexOf('"options":') >= 0)) {
      markers = [];
      text = JSON.stringify(data, (_key, value) =>
        isMarker(value) || (value && isForeign(value)) ? place(value) : value,
      );
      pieces = cut();
    }
  } catch (error) {
    rethrow(error, data, (value, holders) => typeof value === 'bigint' || holders.indexOf(value) >= 0);
  }
  markers.forEach((marker) => {
    try {
      checkContent(marker.options);
    } catch (error) {
      rethrow(error, data, (value) => value === marker);
    }
  });

  return {
    contents: markers.map((marker) => marker.options),
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
          ? replace(markers[+value.slice(token.length)].options)
          : value,
      );
    },
  };
}
