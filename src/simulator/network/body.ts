import { bytesOf, isArrayBuffer } from '../realm/realm';
import { bytesOfText, randomWord } from '../text';
import type { FormFile } from './types';

export interface RequestBody {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/**
 * `data` of `wx.request` as it goes out: in the query of a GET, else as the content type says (protocol 15). Only an
 * ArrayBuffer goes out as bytes, and on the oldest libraries not even that: it is an object like any other, `{}`.
 *
 * @param sendsBytes - false on those
 * @returns undefined for data that makes the library itself fail, silently: nothing is sent, and no callback is called
 */
export function requestBody(
  method: string,
  url: string,
  headers: Record<string, string>,
  data: unknown,
  sendsBytes: boolean,
): RequestBody | undefined {
  const type = headers['content-type'] ?? 'application/json';
  const withBody = (body: Uint8Array): RequestBody => ({
    url,
    headers: { ...headers, 'content-type': type },
    body,
  });
  if (method === 'GET') {
    if (data === null && !sendsBytes) return undefined;
    const query = data !== null && typeof data === 'object' ? pairsText(data, queryText) : '';
    const separator = url.includes('?') ? '&' : '?';
    return { ...withBody(new Uint8Array(0)), url: query ? url + separator + query : url };
  }
  if (isArrayBuffer(data) && sendsBytes) return withBody(bytesOf(data));
  const text = bodyText(type, data);
  return text === undefined ? undefined : withBody(bytesOfText(text));
}

function bodyText(type: string, data: unknown): string | undefined {
  if (data === undefined) return '';
  if (typeof data === 'string') return data;
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return typeof data === 'object' ? pairsText(data ?? {}, String) : String(data);
  }
  if (type.startsWith('application/json') || typeof data === 'object') return JSON.stringify(data);
  return undefined;
}

/** In a query an object is written as JSON; in a form it is not. */
const queryText = (value: unknown): string =>
  value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value);

function pairsText(data: object, textOf: (value: unknown) => string): string {
  const pairs = Object.entries(data).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`,
  );
  return pairs.join('&');
}

/** Writes a multipart/form-data body of string fields and one file. */
export function multipart(
  fields: Record<string, string>,
  file: FormFile,
): { type: string; body: Uint8Array } {
  const boundary = `simulator-${randomWord()}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const disposition = `form-data; name="${file.name}"; filename="${file.filename}"`;
  const head = `--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${file.type}\r\n\r\n`;
  const before = bytesOfText(parts.join('') + head);
  const after = bytesOfText(`\r\n--${boundary}--\r\n`);
  const body = new Uint8Array(before.length + file.bytes.length + after.length);
  body.set(before);
  body.set(file.bytes, before.length);
  body.set(after, before.length + file.bytes.length);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}
