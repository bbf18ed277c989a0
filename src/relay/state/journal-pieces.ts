import type { FileHandle } from 'node:fs/promises';
import { type Place, readPiece, writeAll } from './journal-io';

/** Bytes that are read or written at once. */
const PIECE = 1024 * 1024;

/** Reads lines by their places. Lines that come in about their order in the file cost one read a piece. */
export class PieceReader {
  #piece: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly file: FileHandle) {}

  async read({ offset, length }: Place): Promise<string> {
    if (offset < this.#start || offset + length > this.#start + this.#piece.length) {
      this.#piece = await readPiece(this.file, offset, Math.max(PIECE, length));
      this.#start = offset;
    }
    const from = offset - this.#start;
    if (this.#piece.length < from + length)
      throw new Error('Failed to read the journal: it is shorter than it was.');
    return this.#piece.toString('utf8', from, from + length);
  }
}

/** Fills a new file. */
export class PieceWriter {
  #waiting: Buffer[] = [];
  #written = 0;
  #end = 0;

  constructor(private readonly file: FileHandle) {}

  /** Bytes so far. */
  get end(): number {
    return this.#end;
  }

  /** @returns where the line will lie */
  async add(line: string): Promise<Place> {
    const bytes = Buffer.from(`${line}\n`);
    const place = { offset: this.#end, length: bytes.length - 1 };
    this.#waiting.push(bytes);
    this.#end += bytes.length;
    if (this.#end - this.#written >= PIECE) await this.flush();
    return place;
  }

  /** Copies whole lines. */
  async copy(file: FileHandle, from: number, to: number): Promise<void> {
    await this.flush();
    for (let at = from; at < to;) {
      const piece = await readPiece(file, at, Math.min(PIECE, to - at));
      if (piece.length === 0) throw new Error('Failed to read the journal: it is shorter than it was.');
      await writeAll(this.file, piece, this.#end);
      at += piece.length;
      this.#end = this.#written += piece.length;
    }
  }

  /** Writes what is still waiting. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting.splice(0));
    await writeAll(this.file, bytes, this.#written);
    this.#written += bytes.length;
  }
}
