import type { Any } from '../types';

/** The typed JSON in which the cloud database's values travel. */

/** Plain values of a document or query. @param now - for server dates, which carry an offset only */
export function readTyped(text: string, now: number): Any {
  return plain(JSON.parse(text) as Any, now);
}

function plain(value: Any, now: number): Any {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Any) => plain(item, now) as unknown);
  const number = (value.$numberInt ?? value.$numberDouble ?? value.$numberLong) as string | undefined;
  if (number !== undefined) return Number(number);
  if (value.$date !== undefined) return dateOf(value.$date);
  if (value.$tcb_server_date !== undefined) return new Date(now + (value.$tcb_server_date.offset as number));
  const entries = Object.entries(value as object).map(([key, item]) => [key, plain(item, now) as unknown]);
  return Object.fromEntries(entries) as Any;
}

const dateOf = (date: Any): Date =>
  new Date(typeof date === 'string' ? date : Number(date.$numberLong ?? date));

/** Writes a document; dates stay dates. */
export function writeTyped(document: Any): string {
  return JSON.stringify(typed(document));
}

function typed(value: Any): Any {
  if (value instanceof Date) return { $date: { $numberLong: String(value.getTime()) } };
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(typed) as Any;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => [key, typed(item) as unknown]),
  );
}

/** The few protobuf messages in which wx-server-sdk wraps a call of the platform's open interfaces. */

const LENGTH_DELIMITED = 2;

interface Field {
  id: number;
  wire: number;
  number: number;
  bytes: Buffer;
}

function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const number = varint();
    const bytes = tag % 8 === LENGTH_DELIMITED ? message.subarray(at, at + number) : Buffer.alloc(0);
    at += bytes.length;
    yield { id: tag >> 3, wire: tag % 8, number, bytes };
  }
}

const bytesAt = (message: Buffer, id: number): Buffer[] =>
  [...fieldsOf(message)].filter((field) => field.id === id).map(({ bytes }) => bytes);

/** The arguments of an open interface: each is a JSON string of its own. */
export function decodeArguments(message: Buffer): Record<string, unknown> {
  const [data = Buffer.alloc(0)] = bytesAt(message, 2);
  const pairs = bytesAt(data, 1).map((pair) => {
    const [key = Buffer.alloc(0)] = bytesAt(pair, 1);
    const [value = Buffer.alloc(0)] = bytesAt(pair, 2);
    return [key.toString(), JSON.parse(value.toString()) as unknown] as const;
  });
  return Object.fromEntries(pairs);
}

function delimited(id: number, bytes: Buffer): Buffer {
  const length = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([id * 8 + LENGTH_DELIMITED, ...length]), bytes]);
}

/** The answer: its bytes and their content type. */
export function encodeAnswer(bytes: Uint8Array, contentType: string): Buffer {
  return Buffer.concat([delimited(1, Buffer.from(bytes)), delimited(2, Buffer.from(contentType))]);
}

/**
 * The parts of a multipart/form-data body, by name. The platform's `Response.formData()` decodes a part without a file
 * name as UTF-8, and the SDK sends protobuf in such a part.
 */
export function formParts(body: Buffer, contentType: string): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  const boundary = /boundary=("?)([^";]+)\1/.exec(contentType)?.[2];
  if (boundary === undefined) return parts;
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at >= 0;) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    const part = body.subarray(at + mark.length + 2, next - 2);
    const split = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(part.subarray(0, split).toString())?.[1];
    if (name !== undefined) parts.set(name, part.subarray(split + 4));
    at = next;
  }
  return parts;
}
