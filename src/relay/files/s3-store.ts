import type * as Sdk from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { loadPeer } from '../load-peer';
import { expiryOfKey } from './file-id';
import type { FileStore, StoredFile } from './file-store';
import { LocalFileStore } from './local-store';

export interface S3StoreOptions {
  bucket: string;
  /** Folder through which files pass: a PUT needs their length and name beforehand. */
  spool: string;
  /** @default 'us-east-1' */
  region?: string;
  /** @default the one of AWS */
  endpoint?: string;
  /** What every key begins with. @default '' */
  prefix?: string;
  /** Bucket in the path in place of the host name. @default false */
  forcePathStyle?: boolean;
  /** Ms for the store's answer; a PUT gets more by its size. @default 10000 */
  timeout?: number;
}

const MAX_ATTEMPTS = 3;
const CONNECT_TIMEOUT_MS = 5000;
/** Bytes per ms that a PUT makes at least. */
const MIN_PUT_BYTES_PER_MS = 64;
/** Removals at once. */
const MAX_REMOVALS = 8;
/** The object that a check writes and reads. */
const PROBE = 'probe';
/** Connections of downloads. A slow reader holds one; uploads and checks have others, and never wait for it. */
const MAX_DOWNLOADS = 1024;

/** Files in an S3-compatible store. Needs the package @aws-sdk/client-s3. */
export class S3FileStore implements FileStore {
  private constructor(
    private readonly sdk: typeof Sdk,
    private readonly client: Sdk.S3Client,
    private readonly downloads: Sdk.S3Client,
    private readonly spool: LocalFileStore,
    private readonly bucket: string,
    private readonly prefix: string,
    private readonly timeout: number,
  ) {}

  static async open(options: S3StoreOptions): Promise<S3FileStore> {
    const sdk = await loadPeer('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
    const timeout = options.timeout ?? 10_000;
    const config: Sdk.S3ClientConfig = {
      region: options.region ?? 'us-east-1',
      endpoint: options.endpoint,
      forcePathStyle: options.forcePathStyle ?? false,
      // A stream can be sent once: attempts are made here, each with a new one.
      maxAttempts: 1,
      // Otherwise a stream goes out in chunks with a trailing checksum, and some servers store the framing.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    };
    const times = {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
    };
    const agent = { keepAlive: true, maxSockets: MAX_DOWNLOADS };
    const client = new sdk.S3Client({ ...config, requestHandler: times });
    const downloads = new sdk.S3Client({
      ...config,
      requestHandler: { ...times, httpAgent: agent, httpsAgent: agent },
    });
    const spool = await LocalFileStore.open(options.spool, { isShared: true });
    return new S3FileStore(sdk, client, downloads, spool, options.bucket, options.prefix ?? '', timeout);
  }

  async put(source: Readable, type: string, key: () => Promise<string>): Promise<void> {
    let name = '';
    await this.spool.put(source, type, async () => (name = await key()));
    try {
      for (let attempt = 1; ; attempt++) {
        const error = await this.send(name, type).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) return;
        // A store that does not answer would be waited for again each time.
        if (attempt === MAX_ATTEMPTS || (error as Error).name === 'TimeoutError') throw error;
      }
    } finally {
      await this.spool.remove(name);
    }
  }

  async get(key: string, signal?: AbortSignal): Promise<StoredFile | undefined> {
    try {
      const command = new this.sdk.GetObjectCommand(this.at(key));
      const { Body, ContentLength } = await this.downloads.send(command, { abortSignal: signal });
      return { size: ContentLength ?? 0, stream: Body as Readable };
    } catch (error) {
      return this.ifMissing(error);
    }
  }

  async size(key: string): Promise<number | undefined> {
    try {
      return (await this.client.send(new this.sdk.HeadObjectCommand(this.at(key)))).ContentLength;
    } catch (error) {
      return this.ifMissing(error);
    }
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new this.sdk.DeleteObjectCommand(this.at(key)));
  }

  async sweep(now: number): Promise<number> {
    await this.spool.sweep(now);
    let removed = 0;
    for await (const keys of this.expired(now)) {
      for (let i = 0; i < keys.length; i += MAX_REMOVALS) {
        await Promise.all(keys.slice(i, i + MAX_REMOVALS).map((key) => this.remove(key)));
      }
      removed += keys.length;
    }
    return removed;
  }

  async check(): Promise<void> {
    await this.client.send(new this.sdk.PutObjectCommand({ ...this.at(PROBE), Body: 'ok' }));
    await this.client.send(new this.sdk.HeadObjectCommand(this.at(PROBE)));
  }

  async close(): Promise<void> {
    this.client.destroy();
    this.downloads.destroy();
  }

  private async send(name: string, type: string): Promise<void> {
    const file = await this.spool.get(name);
    if (!file) throw new Error('Failed to store the file: it has left the spool.');
    try {
      const content = { Body: file.stream, ContentLength: file.size, ContentType: type };
      await this.client.send(new this.sdk.PutObjectCommand({ ...this.at(name), ...content }), {
        requestTimeout: this.timeout + Math.ceil(file.size / MIN_PUT_BYTES_PER_MS),
      });
    } finally {
      file.stream.destroy();
    }
  }

  /**
   * Yields what has expired, a listing at a time. Names begin with the expiry and listings are in their order, so
   * reading ends where nothing can have expired; names of others that come before are passed over.
   */
  private async *expired(now: number): AsyncGenerator<string[]> {
    const last = this.prefix + String(now + 1).padStart(10, '0');
    for (let after: string | undefined; ;) {
      const { Contents = [], IsTruncated } = await this.client.send(
        new this.sdk.ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix, StartAfter: after }),
      );
      const names = Contents.map(({ Key = '' }) => Key);
      yield names
        .map((name) => name.slice(this.prefix.length))
        .filter((key) => (expiryOfKey(key) ?? Infinity) <= now);
      after = names.at(-1);
      if (!IsTruncated || after === undefined || after >= last) return;
    }
  }

  /** @throws the error, unless it says that there is no such object */
  private async ifMissing(error: unknown): Promise<undefined> {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (status === 404) return undefined;
    // Whoever may not list the bucket is told 403 of what is not there, as of what must not be read.
    if (status !== 403) throw error;
    await this.check().catch(() => {
      throw error;
    });
    return undefined;
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: this.prefix + key };
  }
}
