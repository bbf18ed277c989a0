import { createHash, randomBytes } from 'node:crypto';
import type { FileReply } from '../../protocol';
import type { Database } from '../shared/database';
import type { UniCloud } from './unicloud';
import type { Upload } from './upload';

const FILES = 'servicemarket_files';
const FOLDER = 'servicemarket';
/** Seconds that a URL works at least. */
const URL_TTL_S = 3600;
/** How long a file is kept: as long as a long task may need it. */
const TTL_MS = 86_400_000;
/** After this time a sweep leaves the rest to the next one. */
const SWEEP_MS = 20_000;
const BATCH = 100;

/** Types that are served as they are, none of which runs in a browser; anything else is just bytes. */
const ENDINGS: Readonly<Record<string, string>> = {
  'text/plain': '.txt',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/bmp': '.bmp',
  'image/heic': '.heic',
  'application/pdf': '.pdf',
  'application/json': '.json',
  'audio/mpeg': '.mp3',
  'audio/mp4': '.m4a',
  'audio/wav': '.wav',
  'audio/amr': '.amr',
  'video/mp4': '.mp4',
};

/**
 * The digest of its content is in a file's name, and behind it 32 random bytes make it unguessable. The host before
 * the folder has a length limit, so that reading takes linear time.
 */
const OWN_URL = new RegExp(
  `https?://[^"\\\\\\s]{1,300}?/${FOLDER}/([0-9a-f]{64})-[\\w-]{43}[^"\\\\\\s]*`,
  'g',
);

/** Uploads in the cloud's own storage, which serves them: an answer of a function may have 2 MB only. */
export class StorageFiles {
  private readonly cloud: UniCloud;
  private readonly database: Database;

  constructor(cloud: UniCloud, database: Database) {
    this.cloud = cloud;
    this.database = database;
  }

  async store({ bytes, type }: Upload): Promise<FileReply> {
    const name = `${createHash('sha256').update(bytes).digest('hex')}-${randomBytes(32).toString('base64url')}`;
    const { fileID } = await this.cloud.uploadFile({
      cloudPath: `${FOLDER}/${name}${ENDINGS[type] ?? ''}`,
      fileContent: bytes,
      // Alibaba Cloud would give it a name of its own.
      cloudPathAsRealPath: true,
    });
    try {
      await this.database.add(FILES, { _id: name, fileID, at: Date.now() });
      return {
        url: await this.urlOf(fileID),
        expires_at: Math.floor(Date.now() / 1000) + URL_TTL_S,
        size: bytes.length,
      };
    } catch (error) {
      await this.delete(fileID);
      throw error;
    }
  }

  /** Removes files that are older than a day. */
  async sweep(): Promise<void> {
    const deadline = Date.now() + SWEEP_MS;
    const old = { at: this.database.command.lt(Date.now() - TTL_MS) };
    for (;;) {
      const batch = await this.database.list(FILES, old, BATCH);
      if (batch.length === 0) return;
      for (const { _id, fileID } of batch) {
        if (Date.now() >= deadline) return;
        try {
          await this.delete(fileID as string);
          await this.database.remove(FILES, { _id });
        } catch {
          // Again a day later, so that it does not hold up the others.
          await this.database.update(FILES, { _id }, { at: Date.now() });
        }
      }
    }
  }

  /** One by one, because Alibaba Cloud accepts no more. */
  private async delete(fileID: string): Promise<void> {
    await this.cloud.deleteFile({ fileList: [fileID] });
  }

  /** On Alibaba Cloud the id of a file is its URL. */
  private async urlOf(fileID: string): Promise<string> {
    if (/^https?:/.test(fileID)) return fileID;
    const { fileList } = await this.cloud.getTempFileURL({ fileList: [fileID] });
    return fileList[0].tempFileURL;
  }
}

/**
 * Puts the content's digest in place of each URL of an upload, so that equal content makes equal strings.
 *
 * @param json - the JSON string of a call's data
 */
export function replaceUploads(json: string): string {
  return json.replace(OWN_URL, 'file:$1');
}
