import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where a line lies in the file, in bytes, without its newline. */
export interface Place {
  offset: number;
  length: number;
}

const NEWLINE = 10;
const CHUNK = 1024 * 1024;

/** @returns where the last whole line ends */
export async function readLines(
  file: FileHandle,
  onLine: (line: string, place: Place) => void,
): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for (;;) {
    const chunk = Buffer.alloc(CHUNK);
    const { bytesRead } = await file.read(chunk, 0, CHUNK, start + rest.length);
    if (bytesRead === 0) return start;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, from)) {
      onLine(rest.toString('utf8', from, end), { offset: start + from, length: end - from });
      from = end + 1;
    }
    rest = rest.subarray(from);
    start += from;
  }
}

/** @returns `length` bytes, or fewer where the file ends */
export async function readPiece(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

export async function readAt(file: FileHandle, { offset, length }: Place): Promise<string> {
  const bytes = await readPiece(file, offset, length);
  if (bytes.length < length) throw new Error('Failed to read the journal: it is shorter than it was.');
  return bytes.toString();
}

export async function writeAll(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

/** Makes a file's new name survive a crash. Windows cannot open folders, and does not need it. */
export async function syncFolderOf(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
