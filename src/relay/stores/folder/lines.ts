/**
 * Reading and writing lines of a file by where they lie, many at a time. Each line begins with a checksum, because a
 * disk may change a byte: `4f2a09bc {"t":…}`.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Where a line lies in the file, in bytes, with its checksum and without its newline. */
export interface ByteRange {
  offset: number;
  length: number;
}

const NEWLINE = 10;
/** Bytes that are read or written at once. */
const CHUNK_BYTES = 1024 * 1024;

/** Hexadecimal digits, and a blank. */
const CHECKSUM_LENGTH = 9;

/** A line that is not as it was written. */
export class DamagedLine extends Error {
  constructor(readonly offset: number) {
    super(`Failed to read the journal: the line at byte ${offset} is damaged.`);
  }
}

/** @returns the line as it is written, with checksum and newline */
export function encodeLine(line: string): Buffer {
  return Buffer.from(`${checksumOf(line)} ${line}\n`);
}

/** @throws DamagedLine when it is not as `encodeLine` wrote it */
function decodeLine(bytes: Buffer, offset: number): string {
  const line = bytes.subarray(CHECKSUM_LENGTH);
  if (bytes.toString('latin1', 0, CHECKSUM_LENGTH) !== `${checksumOf(line)} `) throw new DamagedLine(offset);
  return line.toString();
}

function checksumOf(line: Buffer | string): string {
  return crc32(line).toString(16).padStart(8, '0');
}

/**
 * Calls `onLine` with each line from the start of the file.
 *
 * @returns the offset after the last newline; anything behind it is the beginning of a line
 * @throws DamagedLine
 */
export async function readLines(
  file: FileHandle,
  onLine: (line: string, range: ByteRange) => void,
): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for (;;) {
    const chunk = await readBytes(file, start + rest.length, CHUNK_BYTES);
    if (chunk.length === 0) return start;
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, from)) {
      const range = { offset: start + from, length: end - from };
      onLine(decodeLine(rest.subarray(from, end), range.offset), range);
      from = end + 1;
    }
    rest = rest.subarray(from);
    start += from;
  }
}

/** @throws Error when the line is damaged or the file ends before it */
export async function readLine(file: FileHandle, { offset, length }: ByteRange): Promise<string> {
  const bytes = await readBytes(file, offset, length);
  if (bytes.length < length) throw tooShort();
  return decodeLine(bytes, offset);
}

/** Writes all bytes: one `write` of the system may write fewer. */
export async function writeAll(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

/** Reads lines by their ranges. Lines that are asked for in about the order of the file cost one read a chunk. */
export class LineReader {
  #chunk: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly file: FileHandle) {}

  async read({ offset, length }: ByteRange): Promise<string> {
    if (offset < this.#start || offset + length > this.#start + this.#chunk.length) {
      this.#chunk = await readBytes(this.file, offset, Math.max(CHUNK_BYTES, length));
      this.#start = offset;
    }
    const from = offset - this.#start;
    if (this.#chunk.length < from + length) throw tooShort();
    return decodeLine(this.#chunk.subarray(from, from + length), offset);
  }
}

/** Fills a new file with lines, one write a chunk. */
export class LineWriter {
  #pending: Buffer[] = [];
  #written = 0;
  #end = 0;

  constructor(private readonly file: FileHandle) {}

  /** Bytes that were added so far. */
  get end(): number {
    return this.#end;
  }

  /** @returns where the line will lie */
  async add(line: string): Promise<ByteRange> {
    const bytes = encodeLine(line);
    const range = { offset: this.#end, length: bytes.length - 1 };
    this.#pending.push(bytes);
    this.#end += bytes.length;
    if (this.#end - this.#written >= CHUNK_BYTES) await this.flush();
    return range;
  }

  /** Copies the bytes `from` to `to` of another file: whole lines. */
  async copy(file: FileHandle, from: number, to: number): Promise<void> {
    await this.flush();
    for (let offset = from; offset < to;) {
      const chunk = await readBytes(file, offset, Math.min(CHUNK_BYTES, to - offset));
      if (chunk.length === 0) throw tooShort();
      await writeAll(this.file, chunk, this.#end);
      offset += chunk.length;
      this.#end = this.#written += chunk.length;
    }
  }

  /** Writes the lines that were added and not written yet. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pending.splice(0));
    await writeAll(this.file, bytes, this.#written);
    this.#written += bytes.length;
  }
}

/** @returns `length` bytes, or fewer where the file ends */
async function readBytes(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

function tooShort(): Error {
  return new Error('Failed to read the journal: it is shorter than it was.');
}
