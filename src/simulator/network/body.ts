import { bytesOf, isArrayBuffer } from '../realm/realm';
import { bytesOfText, randomWord } from '../text';
import type { FormFile } from './types';

export interface RequestBody {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** `data` of `wx.request` as it goes out: in the query of a GET, else as the content type says. */
export function requestBody(
  method: string,
  url: string,
  headers: Record<string, string>,
  data: unknown,
): RequestBody {
  const type = headers['content-type'] ?? 'application/json';
  const withType = { ...headers, 'content-type': type };
  const nothing = new Uint8Array(0);
  if (data === undefined || data === null) return { url, headers: withType, body: nothing };
  if (isArrayBuffer(data)) return { url, headers: withType, body: bytesOf(data) };
  if (typeof data === 'string') return { url, headers: withType, body: bytesOfText(data) };
  if (method === 'GET') {
    const query = formText(data);
    return {
      url: query ? url + (url.includes('?') ? '&' : '?') + query : url,
      headers: withType,
      body: nothing,
    };
  }
  const text = type.startsWith('application/x-www-form-urlencoded') ? formText(data) : JSON.stringify(data);
  return { url, headers: withType, body: bytesOfText(text) };
}

function formText(data: unknown): string {
  const pairs = Object.entries(data as Record<string, unknown>).map(([name, value]) => {
    const text = value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;
  });
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
