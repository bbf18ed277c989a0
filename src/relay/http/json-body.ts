import type { FastifyInstance } from 'fastify';
import { setImmediate } from 'node:timers/promises';
import { countValues, RelayError } from '../../invocation';
import { holdOf } from './hooks/limits';

/**
 * Values, members included, that one JSON string may have: 50,000 take the engine 40 ms at most, in which nobody else
 * is served. Without a bound 4 MiB of `{},{},…` take it 700 ms, and 85 MiB of objects.
 */
const MAX_JSON_VALUES = 50_000;
/** Bytes that a value occupies in memory, about. */
const BYTES_PER_VALUE = 80;

/** Reads JSON bodies, all but those that would become too many objects. */
export function addJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    const read = (): void => {
      try {
        holdOf(request)?.grow(sizeOfValues(body));
      } catch (error) {
        done(error as Error);
        return;
      }
      parse(request, body, done);
    };
    if (body.length < MIN_LARGE_LENGTH) read();
    else void ownTurn(body).then(read);
  });
}

/** Length of JSON from which on a step of reading it takes long. */
const MIN_LARGE_LENGTH = 65_536;
let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * To be awaited before a step of reading JSON: the steps of all requests that are large come one for each turn of the
 * event loop, with small requests in between.
 */
export async function ownTurn(json: string): Promise<void> {
  if (json.length < MIN_LARGE_LENGTH) return;
  lastTurn = lastTurn.then(() => setImmediate());
  await lastTurn;
}

/**
 * @param json - a JSON string that is not parsed yet
 * @returns the bytes that its values will take in memory, about
 * @throws RelayError 413 when it has too many values
 */
export function sizeOfValues(json: string): number {
  const values = countValues(json, MAX_JSON_VALUES);
  if (values <= MAX_JSON_VALUES) return values * BYTES_PER_VALUE;
  throw new RelayError(
    413,
    `Failed to read the request: its JSON has more than ${MAX_JSON_VALUES} values. Send fewer at once.`,
  );
}
