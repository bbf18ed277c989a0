import type { FastifyInstance } from 'fastify';
import { RelayError } from '../../invocation';
import { holdOf } from './hooks/limits';

/**
 * Values, members included, that one JSON string may have: 50,000 take the engine 40 ms at most, in which nobody else
 * is served. Without a bound 4 MiB of `{},{},…` take it 700 ms, and 85 MiB of objects.
 */
const MAX_JSON_VALUES = 50_000;
/** Bytes that a value takes in memory, about. */
const BYTES_PER_VALUE = 80;

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/** Reads JSON bodies, all but those that would become too many objects. */
export function addJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    try {
      holdOf(request)?.grow(sizeOfValues(body));
    } catch (error) {
      done(error as Error);
      return;
    }
    parse(request, body, done);
  });
}

/**
 * @param json - a JSON string that is not parsed yet
 * @returns the bytes that its values will take in memory, about
 * @throws RelayError 413 when it has too many values
 */
export function sizeOfValues(json: string): number {
  const values = countValues(json);
  if (values <= MAX_JSON_VALUES) return values * BYTES_PER_VALUE;
  throw new RelayError(
    413,
    `Failed to read the request: its JSON has more than ${MAX_JSON_VALUES} values. Send fewer at once.`,
  );
}

/** One for each comma and each opening bracket outside strings: at least as many as there are values, but the root. */
function countValues(json: string): number {
  let count = 0;
  // What comes beyond the bound need not be looked at.
  for (let i = 0; i < json.length && count <= MAX_JSON_VALUES; i++) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) i = endOfString(json, i);
    else if (code === COMMA || code === BRACKET || code === BRACE) count++;
  }
  return count;
}

/** The index of the quote that ends a string; most of a large body is one, which the engine searches fast. */
function endOfString(json: string, start: number): number {
  let end = start;
  let isEscaped: boolean;
  do {
    end = json.indexOf('"', end + 1);
    if (end < 0) return json.length;
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    isEscaped = backslashes % 2 === 1;
  } while (isEscaped);
  return end;
}
