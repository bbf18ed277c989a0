import type { Readable } from 'node:stream';

/**
 * Where files lie. Keys begin with their expiry in ten digits of Unix seconds, so a listing in order of
 * names is in order of expiry (file-id.ts).
 */
export interface FileStore {
  /**
   * Stores all bytes of `source`. When it fails, nothing of them stays.
   *
   * @param key - called once, when the last byte has passed; nothing is stored when it throws
   * @param app - whose the file is, where the relay has several apps
   */
  put(source: Readable, type: string, key: () => Promise<string>, app?: string): Promise<void>;
  /**
   * @param signal - aborted when nobody waits for the file any more
   * @returns undefined for a key that is not there
   */
  get(key: string, signal?: AbortSignal): Promise<StoredFile | undefined>;
  /** @returns bytes, or undefined for a key that is not there */
  size(key: string): Promise<number | undefined>;
  remove(key: string): Promise<void>;
  /**
   * Removes what ended before `now` (Unix seconds).
   *
   * @returns how many files were removed
   */
  sweep(now: number): Promise<number>;
  /** Writes something, and throws when the store cannot be used; for health checks. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface StoredFile {
  /** Bytes. */
  size: number;
  stream: Readable;
}
