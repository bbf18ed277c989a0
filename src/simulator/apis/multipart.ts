import type { FormFile } from '../network-types';
import { bytesOfText, randomWord } from '../text';

/** A multipart/form-data body of text fields and one file. */
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
