import type { Readable } from 'node:stream';
import type { FileReply } from '../../protocol';
import type { RelayContext } from '../context';
import { newFileId, readFileId, type FileReference } from './file-id';
import { safeType } from './file-types';
import { UploadGuard } from './upload-guard';

/** A file on its way in. */
export interface IncomingFile {
  source: Readable;
  /** The content type that the client gives. */
  claimedType?: string;
  /** Bytes at most, where the request says so. */
  length?: number;
  /** Reads what follows the file; throws when nothing should have followed. */
  finish?(): Promise<void>;
}

/**
 * Stores a user's file and makes its URL. What the user may send is reserved before the first byte, and what
 * was not used is given back after the last.
 *
 * @throws RelayError 413 when it is too large, 429 when the user has sent too much, 400 when it ends early
 */
export async function receiveFile(
  { settings, limiter, files, publicUrl }: RelayContext,
  userId: string,
  incoming: IncomingFile,
): Promise<FileReply> {
  const reserved = Math.min(incoming.length ?? settings.maxFileSize, settings.maxFileSize);
  await limiter.take('files', userId);
  try {
    await limiter.take('bytes', userId, reserved);
  } catch (error) {
    await limiter.giveBack('files', userId, 1);
    throw error;
  }
  const guard = new UploadGuard(incoming.source, settings.maxFileSize);
  try {
    let expiresAt = 0;
    const type = safeType(incoming.claimedType);
    let id = '';
    const keyOf = (): string => (readFileId(id) as FileReference).key;
    await files.put(guard, type, () => {
      expiresAt = Math.floor(settings.now() / 1000) + settings.fileTtl;
      id = newFileId(expiresAt, type, guard.digest());
      return keyOf();
    });
    await incoming.finish?.().catch(async (error) => {
      await files.remove(keyOf());
      throw error;
    });
    return { url: `${publicUrl()}/files/${id}`, expires_at: expiresAt };
  } finally {
    await limiter.giveBack('bytes', userId, reserved - guard.bytes);
  }
}
