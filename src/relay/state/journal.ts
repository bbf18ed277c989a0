import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { type Place, readAt, readLines, syncFolderOf, writeAll } from './journal-io';

export interface NewLine {
  line: string;
  placed(place: Place): void;
}

interface Waiting {
  line: Buffer;
  resolve: (place: Place) => void;
  reject: (error: unknown) => void;
}

/**
 * An append-only file of lines. `append` returns when the line is on the disk, not just in its cache; lines
 * that are handed over meanwhile are written with the next single write.
 */
export class Journal {
  #waiting: Waiting[] = [];
  #work: Promise<void> = Promise.resolve();
  #closed = false;

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
    return this.#queue(() => {
      const { offset, length } = place();
      return readAt(this.file, offset, length);
    });
  }

  /**
   * Replaces the content by the lines that `make` yields, in one step as a crash sees it.
   *
   * @param make - gets a reader of the present content; `placed` is told each line's new place
   */
  rewrite(make: (read: (place: Place) => Promise<string>) => AsyncIterable<NewLine>): Promise<void> {
    return this.#queue(async () => {
      const next = await open(`${this.path}.new`, 'wx+', 0o600);
      let end = 0;
      const moves: (() => void)[] = [];
      try {
        for await (const { line, placed } of make(({ offset, length }) =>
          readAt(this.file, offset, length),
        )) {
          const bytes = Buffer.from(`${line}\n`);
          await writeAll(next, bytes, end);
          const place = { offset: end, length: bytes.length - 1 };
          moves.push(() => placed(place));
          end += bytes.length;
        }
        await next.datasync();
        await this.confirm();
        await rename(`${this.path}.new`, this.path);
      } catch (error) {
        await next.close();
        await rm(`${this.path}.new`, { force: true });
        throw error;
      }
      for (const move of moves) move();
      await this.file.close();
      this.file = next;
      this.end = end;
      // Without it a crash could bring the old file back, and lose what is appended to the new one.
      await syncFolderOf(this.path);
    });
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
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { line, resolve } of batch) {
      resolve({ offset: this.end, length: line.length - 1 });
      this.end += line.length;
    }
  }
}
