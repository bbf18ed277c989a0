import type { MarkedText, Span } from './types';

/** Longer strings are shortened: a picture in base64 is of no use on a screen. */
const MAX_STRING = 400;
const MAX_LINES = 200;

/** Fields whose value names something. */
const ID = /^(client_?msg_?id|call_?id|request_?id|file_?id|code|token|credential)s?$/i;
const URL_TEXT = /\b(?:https?|wxfile|cloud):\/\/[^\s"'\\<>]+/g;

/** Writes a value as JSON, and says where in the text its markers, URLs and ids are. */
export function markText(value: unknown): MarkedText {
  const spans: Span[] = [];
  let text = '';
  let lines = 1;

  const add = (part: string, kind?: Span['kind']): void => {
    if (kind) spans.push({ start: text.length, end: text.length + part.length, kind });
    text += part;
  };

  function addString(string: string, key: string): void {
    const short =
      string.length > MAX_STRING ? `${string.slice(0, MAX_STRING)}… (${string.length} characters)` : string;
    const written = JSON.stringify(short);
    if (ID.test(key)) return add(written, 'id');
    for (const { index, 0: url } of written.matchAll(URL_TEXT)) {
      spans.push({ start: text.length + index, end: text.length + index + url.length, kind: 'url' });
    }
    add(written);
  }

  function addItems(
    open: string,
    close: string,
    items: [label: string, key: string, item: unknown][],
    indent: string,
  ): void {
    if (items.length === 0) return add(open + close);
    add(open);
    for (const [index, [label, key, item]] of items.entries()) {
      if (++lines > MAX_LINES) {
        add(`\n${indent}  …`);
        break;
      }
      add(`${index === 0 ? '' : ','}\n${indent}  ${label}`);
      write(item, key, `${indent}  `);
    }
    add(`\n${indent}${close}`);
  }

  function write(item: unknown, key: string, indent: string): void {
    if (item === undefined || typeof item === 'function' || typeof item === 'symbol') return add('undefined');
    if (typeof item === 'string') return addString(item, key);
    if (item === null || typeof item !== 'object') return add(String(item));
    const bytes = lengthOfBytes(item);
    if (bytes !== undefined) return add(`<${bytes} bytes>`);
    if (isMarker(item)) return addMarker(item.options);
    const isList = Object.prototype.toString.call(item) === '[object Array]';
    if (isList)
      return addItems(
        '[',
        ']',
        Array.from(item as unknown[], (one) => ['', key, one]),
        indent,
      );
    const fields = Object.entries(item).filter(([, one]) => one !== undefined && typeof one !== 'function');
    return addItems(
      '{',
      '}',
      fields.map(([name, one]) => [`${JSON.stringify(name)}: `, name, one]),
      indent,
    );
  }

  function addMarker(options: unknown): void {
    const { type, filePath } = Object(options) as { type?: unknown; filePath?: unknown };
    const bytes = typeof options === 'object' ? lengthOfBytes(options as object) : undefined;
    const content =
      type === 'filePath'
        ? String(filePath)
        : bytes === undefined
          ? JSON.stringify(options)?.slice(0, 60)
          : `${bytes} bytes`;
    add(`CDN(${content})`, 'marker');
  }

  write(value, '', '');
  return { text, spans };
}

/** A marker of the package, or of the platform: a brand, and what is marked (of any realm). */
function isMarker(value: object): value is { options: unknown } {
  return 'symbol' in value && 'options' in value;
}

function lengthOfBytes(value: object): number | undefined {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]'
    ? (value as ArrayBuffer).byteLength
    : undefined;
}
