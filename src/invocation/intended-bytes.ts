import { RelayError } from './relay-error';

const INTEGER = /^\d{1,15}$/;

/**
 * How many bytes the client of `POST /files` meant to send: some hosts change or cut what they are given
 * (docs/en/deploy.md).
 *
 * @param value - of its header `X-Content-Bytes` or its form's field `bytes`; undefined where it says nothing
 * @throws RelayError 400 where that is no integer
 */
export function readIntendedBytes(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && INTEGER.test(value)) return Number(value);
  throw new RelayError(400, 'Failed to read the file: its number of bytes is not an integer.');
}

/**
 * To be called before anything is stored: the page then sends the file another way.
 *
 * @param received - bytes
 * @param intended - bytes, or undefined where the client did not say
 * @throws RelayError 422 where they differ
 */
export function requireIntendedBytes(received: number, intended = received): void {
  if (received === intended) return;
  throw new RelayError(
    422,
    `Failed to store the file: ${received} bytes came, ${intended} were meant. Send them as base64.`,
  );
}
