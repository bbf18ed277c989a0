import { type BigIntStats, constants, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import {
  type ByteRange,
  DamagedLine,
  encodeLine,
  LineReader,
  LineWriter,
  readLine,
  readLines,
  writeAll,
} from './lines';
import { syncFolderOf } from './whole-file';

/** A line for the rewritten file. */
export interface KeptLine {
  line: string;
  /** Called with its new range once the rewritten file is in use. */
  onMoved?(range: ByteRange): void;
}

interface PendingLine {
  bytes: Buffer;
  resolve: (range: ByteRange) => void;
  reject: (error: unknown) => void;
}

/** What a check writes: an intent needs less. */
const PROBE = Buffer.alloc(4096, ' ');

/**
 * On Linux a write itself goes past the system's cache: one trip to another thread in place of two, for which every call
 * would wait twice.
 */
const WRITES_THROUGH = process.platform === 'linux';
const FLAGS = constants.O_RDWR | constants.O_CREAT | (WRITES_THROUGH ? constants.O_DSYNC : 0);

/** A rewrite under way. */
interface Rewrite {
  /** Ranges of the lines that were appended since it began; they move with it. */
  appended: ByteRange[];
  /** Set when appending a line failed: the rewritten file may depend on that line, so it is discarded. */
  isSpoiled: boolean;
}

/**
 * An append-only file of lines. `append` returns when the line is on the disk, past the system's cache; the lines that
 * are appended meanwhile go with the next single write.
 */
export class Journal {
  #pending: PendingLine[] = [];
  /** The end of the queue: reads, writes and the end of a rewrite happen one after another. */
  #queueEnd: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** Behind the last line may be what a write left that failed, or that was a check. */
  #hasRest = false;
  #rewrite: Rewrite | undefined;

  private constructor(
    private readonly path: string,
    private file: FileHandle,
    /** Of the file, by which its name is known to be still its own. */
    private identity: string,
    private end: number,
    private readonly fence: () => Promise<void>,
  ) {}

  /**
   * Opens the file, creates it if missing, and reads what is in it. A last line without its newline was cut off by a
   * crash before anybody relied on it; it is removed.
   *
   * @param onLine - called with each line and its range
   * @param fence - throws when the file may have become another process's; called before and after each write
   * @throws Error that says what to do when a line is damaged: it could be an intent
   */
  static async open(
    path: string,
    onLine: (line: string, range: ByteRange) => void,
    fence: () => Promise<void> = async () => {},
  ): Promise<Journal> {
    await rm(rewrittenPath(path), { force: true });
    const file = await open(path, FLAGS | constants.O_APPEND, 0o600);
    try {
      const end = await readLines(file, onLine);
      await file.truncate(end);
      await syncFolderOf(path);
      return new Journal(path, file, identityOf(await file.stat({ bigint: true })), end, fence);
    } catch (error) {
      await file.close();
      if (!(error instanceof DamagedLine)) throw error;
      throw new Error(
        `Failed to read ${path}: the line at byte ${error.offset} is damaged. Restore the file, or move it ` +
          'away; calls of the last 24 hours may then be billed again when they are repeated.',
        { cause: error },
      );
    }
  }

  /** Bytes in the file. */
  get size(): number {
    return this.end;
  }

  /**
   * Appends a line, without its newline.
   *
   * @returns its range once it is on the disk; a rewrite changes the range in place
   * @throws the system's error, or the fence's; the line is then not in the file
   */
  append(line: string): Promise<ByteRange> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ bytes: encodeLine(line), resolve, reject });
      if (this.#pending.length === 1) void this.#enqueue(() => this.#flush());
    });
  }

  /** @param getRange - called when the read has its turn, because a rewrite moves the lines */
  async read(getRange: () => ByteRange): Promise<string> {
    return this.#enqueue(() => readLine(this.file, getRange()));
  }

  /**
   * Replaces the file atomically. Appends continue, and wait only while the lines appended meanwhile are copied over.
   * Not reentrant.
   *
   * @param keep - yields the lines to keep; is called with a reader of the present lines
   */
  async rewrite(
    keep: (read: (range: ByteRange) => Promise<string>) => AsyncIterable<KeptLine>,
  ): Promise<void> {
    const next = await open(rewrittenPath(this.path), FLAGS | constants.O_EXCL, 0o600);
    const from = this.end;
    this.#rewrite = { appended: [], isSpoiled: false };
    try {
      const [reader, writer] = [new LineReader(this.file), new LineWriter(next)];
      const moves: (() => void)[] = [];
      for await (const { line, onMoved } of keep((range) => reader.read(range))) {
        const range = await writer.add(line);
        if (onMoved) moves.push(() => onMoved(range));
      }
      await writer.flush();
      // Most of the file is synced here, so that appends wait only for the rest.
      await passCache(next);
      await this.#enqueue(() => this.#replace(next, writer, from, moves));
    } catch (error) {
      if (this.file !== next) {
        await next.close();
        await rm(rewrittenPath(this.path), { force: true });
      }
      throw error;
    } finally {
      this.#rewrite = undefined;
    }
  }

  /**
   * Writes as an append does, and takes it back: a crash in between leaves the beginning of a line, as it may anyway.
   *
   * @throws Error when nothing can be written, or the file is closed, was moved or removed, or may be another process's
   */
  async check(): Promise<void> {
    await this.#enqueue(async () => {
      try {
        await this.#write(PROBE);
      } finally {
        await this.#cutOffRest();
      }
    });
  }

  /** Closes the file after the appends before it. */
  async close(): Promise<void> {
    await this.#enqueue(async () => {
      if (!this.#isClosed) await this.file.close();
      this.#isClosed = true;
    });
  }

  /** A file that was moved or removed takes every line, but the next start would not find them. */
  #requireInPlace(): void {
    // The system answers it from memory, at a tenth of what a trip to another thread costs.
    const named = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    if (named && identityOf(named) === this.identity) return;
    throw new Error(
      `Failed to use ${this.path}: the file was moved or removed while the relay runs. Put it back, or start the relay again.`,
    );
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queueEnd.then(work);
    this.#queueEnd = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  /** @param from - offset of the first line that was appended during the rewrite */
  async #replace(next: FileHandle, writer: LineWriter, from: number, moves: (() => void)[]): Promise<void> {
    const { appended, isSpoiled } = this.#rewrite as Rewrite;
    if (isSpoiled) throw new Error('Failed to rewrite the journal: a line could not be written meanwhile.');
    const shift = writer.end - from;
    await writer.copy(this.file, from, this.end);
    await passCache(next);
    const identity = identityOf(await next.stat({ bigint: true }));
    await this.fence();
    await rename(rewrittenPath(this.path), this.path);
    for (const move of moves) move();
    for (const range of appended) range.offset += shift;
    const old = this.file;
    this.file = next;
    this.identity = identity;
    this.#hasRest = false;
    this.end = writer.end;
    await old.close();
    // Otherwise a crash could bring the old file back, and lose the lines that are appended to the new one.
    await syncFolderOf(this.path);
  }

  /** Writes behind the last line, to the disk. Until the end is moved the bytes are a rest. */
  async #write(bytes: Buffer): Promise<void> {
    await this.fence();
    if (this.#hasRest) await this.#cutOffRest();
    this.#hasRest = true;
    await writeAll(this.file, bytes, this.end);
    await passCache(this.file);
    this.#requireInPlace();
    // The write may have taken longer than the lock lasts.
    await this.fence();
  }

  /** A half-written line would damage the next one. Where this fails it is tried again before the next write. */
  async #cutOffRest(): Promise<void> {
    if (!this.#hasRest) return;
    await this.file.truncate(this.end);
    this.#hasRest = false;
  }

  async #flush(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    try {
      await this.#write(Buffer.concat(batch.map(({ bytes }) => bytes)));
    } catch (error) {
      await this.#cutOffRest().catch(() => {});
      if (this.#rewrite) this.#rewrite.isSpoiled = true;
      for (const { reject } of batch) reject(error);
      return;
    }
    this.#hasRest = false;
    for (const { bytes, resolve } of batch) {
      const range = { offset: this.end, length: bytes.length - 1 };
      this.#rewrite?.appended.push(range);
      this.end += bytes.length;
      resolve(range);
    }
  }
}

/** Where writes do not do it: takes what was written past the system's cache. */
async function passCache(file: FileHandle): Promise<void> {
  if (!WRITES_THROUGH) await file.datasync();
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Where the next file is written before it takes the place of the present one. */
function rewrittenPath(path: string): string {
  return `${path}.new`;
}
