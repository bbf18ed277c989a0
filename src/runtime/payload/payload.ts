import type { CDNContent, CDNMarker } from '../../protocol';
import type { Registry } from '../core/types';
import { nativeBrand } from '../install/native-market';
import { isMarker } from './brand';
import { type Collector, stringifyWithMarkers } from './cdn';
import { readContent } from './content';
import { stringifyWithPath } from './json-path';

/** The page's data as it was at the call: a JSON string with a gap for each marker. */
export interface Payload {
  /** The content of each marker. */
  contents: CDNContent[];
  /** True if every marker was replaced; false if one may have been serialized without its toJSON. */
  foundEveryMarker: boolean;
  /** The JSON string with `urls[i]` in place of marker i; `undefined` where the page passed no data. */
  textWith(urls: string[]): string | undefined;
  /** A copy of the data with `replace(content)` in place of each marker. */
  revive(replace: (content: CDNContent) => unknown): unknown;
}

/** A string as it stands between the quotes of a JSON string. */
function escapeForJson(text: string | undefined): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Makes a payload of the JSON string that `write` returns, called with what to write in place of each marker. */
function createPayload(write: (replaceMarker: Collector) => string | undefined): Payload {
  // Written in place of a marker, followed by its index: random, so that no data can contain it by chance; and new each
  // time, because a toJSON of the page may have seen one. It begins with a character that JSON writes as it is and that
  // texts hardly contain, so that it is found fast.
  const token = '\u007f' + Math.random() + ':';
  const contents: CDNContent[] = [];
  const text = write(({ options }) => {
    const index = contents.length;
    contents.push(readContent(options));
    return token + index;
  })!;
  /** The text around the tokens; each piece but the first begins with the index of a marker, and a quote. */
  const pieces = contents.length ? text.split(token) : [text];
  const markerIndexes = pieces
    .slice(1)
    // A token inside of a longer string stands for no marker.
    .map((piece, before) => (pieces[before]!.slice(-1) === '"' ? +piece.split('"', 1)[0]! : NaN));

  return {
    contents,
    // A toJSON of the page may have stringified a marker by itself, or changed what was written for it.
    foundEveryMarker:
      markerIndexes.length === contents.length &&
      markerIndexes.every((index) => index in contents) &&
      !(text && text.indexOf('"options":') >= 0),
    textWith: (urls) =>
      text &&
      pieces
        .map((piece, i) =>
          i ? escapeForJson(urls[markerIndexes[i - 1]!]) + piece.slice(piece.indexOf('"')) : piece,
        )
        .join(''),
    revive: (replace) =>
      JSON.parse(text, (_key, value) =>
        typeof value === 'string' && value.indexOf(token) === 0
          ? replace(contents[+value.slice(token.length)]!)
          : value,
      ),
  };
}

/**
 * Takes the snapshot of `data` and finds its markers (protocol 4).
 *
 * One native JSON.stringify does both: a marker's toJSON writes a random token in its place, so it costs as much as a
 * plain stringify. A second pass, with a replacer as the platform's two have, is made only where that is not
 * enough: something failed; a marker lacks our toJSON (an Object.assign copy, the host's own), which
 * shows as a key `options` in the text; or a toJSON of the page stringified a marker by itself.
 *
 * @param data - any value; not changed
 * @param app - whose host may have markers of its own
 * @throws Failure for what JSON.stringify throws and for a bad marker, with the place as `path`
 */
export function readPayload(data: unknown, app: Registry): Payload {
  try {
    const payload = createPayload((replaceMarker) => stringifyWithMarkers(data, replaceMarker));
    if (payload.foundEveryMarker) return payload;
  } catch {
    // The second pass fails too, and knows where.
  }
  const brand = nativeBrand(app);
  return createPayload((replaceMarker) =>
    stringifyWithPath(data, (value): unknown =>
      isMarker(value, brand) ? replaceMarker(value as CDNMarker) : value,
    ),
  );
}
