import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { type Place, readAt, readLines, syncFolderOf, writeAll } from './journal-io';
import { PieceReader, PieceWriter } from './journal-pieces';

export interface NewLine {
  line: string;
  placed(place: Place): void;
}

interface Waiting {
  line: Buffer;
  resolve: (place: Place) => void;
  reject: (error: unknown) => void;
}

/** A rewrite under way. */
interface Move {
  /** Where the lines lie that were appended since it began; they move with it. */
  places: Place[];
  /** A line of these could not be written, and what was made may count on it. */
  isSpoiled: boolean;
}

/**
 * An append-only file of lines. `append` returns when the line is on the disk, not just in its cache; lines
 * that are handed over meanwhile are written with the next single write.
 */
export class Journal {
  #waiting: Waiting[] = [];
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  #move: Move | undefined;

  private constructor(
    private readonly path: string,
    private file: FileHandle,
    private end: number,
    private readonly confirm: () => Promise<void>,
  ) {}

  /**
   * Opens the file and reads what is in it. A last line without its newline was cut off by a crash before
   * anybody relied on it; it is removed.
   *
   * @param confirm - throws when the file may have become another process's
   */
  static async open(
    path: string,
    onLine: (line: string, place: Place) => void,
    confirm: () => Promise<void> = async () => {},
  ): Promise<Journal> {
    await rm(`${path}.new`, { force: true });
    const file = await open(path, 'a+', 0o600);
    try {
      const end = await readLines(file, onLine);
      await file.truncate(end);
      await syncFolderOf(path);
      return new Journal(path, file, end, confirm);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Bytes in the file. */
  get size(): number {
    return this.end;
  }

  append(line: string): Promise<Place> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: Buffer.from(`${line}\n`), resolve, reject });
      if (this.#waiting.length === 1) void this.#queue(() => this.#flush());
    });
  }

  /** @param place - asked for when it is this reader's turn, because a rewrite moves the lines */
  async read(place: () => Place): Promise<string> {
    return this.#queue(() => readAt(this.file, place()));
  }

  /**
   * Replaces the content by the lines that `make` yields and those that are appended meanwhile, in one step as a
   * crash sees it. Lines go on being appended; only for the copy of these they wait. One at a time.
   *
   * @param make - gets a reader of the present content; `placed` is told each line's new place
   */
  async rewrite(make: (read: (place: Place) => Promise<string>) => AsyncIterable<NewLine>): Promise<void> {
    const next = await open(`${this.path}.new`, 'wx+', 0o600);
    const from = this.end;
    this.#move = { places: [], isSpoiled: false };
    try {
      const [reader, writer] = [new PieceReader(this.file), new PieceWriter(next)];
      const moves: (() => void)[] = [];
      for await (const { line, placed } of make((place) => reader.read(place))) {
        const place = await writer.add(line);
        moves.push(() => placed(place));
      }
      await writer.flush();
      // The most of it, so that little is left while lines wait.
      await next.datasync();
      await this.#queue(() => this.#replace(next, writer, from, moves));
    } catch (error) {
      if (this.file !== next) {
        await next.close();
        await rm(`${this.path}.new`, { force: true });
      }
      throw error;
    } finally {
      this.#move = undefined;
    }
  }

  /** Throws when the file is closed or another process's. */
  async check(): Promise<void> {
    await this.confirm();
    await this.#queue(() => this.file.stat());
  }

  async close(): Promise<void> {
    await this.#queue(async () => {
      if (!this.#closed) await this.file.close();
      this.#closed = true;
    });
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  /** @param from - where the lines begin that were appended meanwhile */
  async #replace(next: FileHandle, writer: PieceWriter, from: number, moves: (() => void)[]): Promise<void> {
    const { places, isSpoiled } = this.#move as Move;
    if (isSpoiled) throw new Error('Failed to rewrite the journal: a line could not be written meanwhile.');
    const shift = writer.end - from;
    await writer.copy(this.file, from, this.end);
    await next.datasync();
    await this.confirm();
    await rename(`${this.path}.new`, this.path);
    for (const move of moves) move();
    for (const place of places) place.offset += shift;
    const old = this.file;
    this.file = next;
    this.end = writer.end;
    await old.close();
    // Without it a crash could bring the old file back, and lose what is appended to the new one.
    await syncFolderOf(this.path);
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    const bytes = Buffer.concat(batch.map(({ line }) => line));
    try {
      await this.confirm();
      await writeAll(this.file, bytes, this.end);
      await this.file.datasync();
      // Writing may have taken long.
      await this.confirm();
    } catch (error) {
      // A half-written line would damage the next one.
      await this.file.truncate(this.end).catch(() => {});
      if (this.#move) this.#move.isSpoiled = true;
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { line, resolve } of batch) {
      const place = { offset: this.end, length: line.length - 1 };
      this.#move?.places.push(place);
      this.end += line.length;
      resolve(place);
    }
  }
}
