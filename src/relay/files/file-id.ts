import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../../invocation';
import { DamagedFile, setAside } from '../stores/folder/damaged-file';
import { writeWholeFile } from '../stores/folder/whole-file';
import type { StoreLog } from '../stores/log';
import { FILE_TYPES, type FileType } from './file-types';

/** Random bytes, 4 of expiry, 1 of type, 16 of the content's digest, 16 that prove who made the id. */
const RANDOM = 16;
const TYPE = RANDOM + 4;
const CONTENT = TYPE + 1;
const PROOF = CONTENT + 16;
const LENGTH = PROOF + 16;
/** Characters of an id. */
const ID_LENGTH = Math.ceil((LENGTH * 4) / 3);
const ID = new RegExp(`^[\\w-]{${ID_LENGTH}}$`);
const KEY = /^(\d{10})-[0-9a-f]{64}(?:-([\da-z_-]+))?$/;

/**
 * What an id holds: the key under which the bytes lie, when they expire (Unix seconds), their type and digest.
 * Nothing else has to be stored or shared between instances.
 */
export interface FileReference {
  key: string;
  expiresAt: number;
  type: FileType;
  /** Hex; equal for equal bytes. */
  content: string;
}

/** Makes and reads the ids of files. An id that another secret made is none, and no store is asked for it. */
export class FileIds {
  /**
   * @param secret - the same for all instances that share files
   * @param scope - the appid where the relay has several apps: a file's key then says whose it is
   */
  constructor(
    private readonly secret: Buffer | string,
    private readonly scope?: string,
  ) {}

  /**
   * A new unguessable id in base64url.
   *
   * @param expiresAt - Unix seconds
   * @param content - SHA-256 of the bytes
   */
  create(expiresAt: number, type: FileType, content: Buffer): string {
    const bytes = Buffer.alloc(LENGTH);
    randomBytes(RANDOM).copy(bytes);
    bytes.writeUInt32BE(expiresAt, RANDOM);
    bytes.writeUInt8(FILE_TYPES.indexOf(type), TYPE);
    content.copy(bytes, CONTENT, 0, PROOF - CONTENT);
    this.#prove(bytes).copy(bytes, PROOF);
    return bytes.toString('base64url');
  }

  /** @returns undefined when it cannot be one of ours */
  read(id: string): FileReference | undefined {
    if (!ID.test(id)) return undefined;
    const bytes = Buffer.from(id, 'base64url');
    if (!timingSafeEqual(this.#prove(bytes), bytes.subarray(PROOF))) return undefined;
    const expiresAt = bytes.readUInt32BE(RANDOM);
    const type = FILE_TYPES[bytes.readUInt8(TYPE)];
    const ofApp = this.scope === undefined ? '' : `-${this.scope}`;
    const key = `${String(expiresAt).padStart(10, '0')}-${digest(id)}${ofApp}`;
    return { key, expiresAt, type, content: bytes.toString('hex', CONTENT, PROOF) };
  }

  /**
   * Puts the content's digest in place of each URL of this relay's files, so that equal content makes equal strings.
   *
   * @param json - the JSON string of a call's data
   * @param filesUrl - the URL that all files of this relay begin with, with a slash at the end
   */
  replaceUrls(json: string, filesUrl: string): string {
    const [before, ...pieces] = json.split(filesUrl);
    const replaced = pieces.map((piece) => {
      const reference = this.read(piece.slice(0, ID_LENGTH));
      return reference ? `file:${reference.content}${piece.slice(ID_LENGTH)}` : filesUrl + piece;
    });
    return before + replaced.join('');
  }

  #prove(bytes: Buffer): Buffer {
    const mac = createHmac('sha256', this.secret).update(bytes.subarray(0, PROOF)).digest();
    return mac.subarray(0, LENGTH - PROOF);
  }
}

/** The content of an empty file. */
export const EMPTY_CONTENT = digest('').slice(0, 2 * (PROOF - CONTENT));

/** When the file under this key expires, in Unix seconds; undefined for a name that is not a key of ours. */
export function expiryOfKey(key: string): number | undefined {
  const match = KEY.exec(key);
  return match ? Number(match[1]) : undefined;
}

/** Whose the file under this key is; '' where the relay has one app. */
export function appOfKey(key: string): string {
  return KEY.exec(key)?.[2] ?? '';
}

const SECRET_BYTES = 32;

/** The secret of a folder's file ids, kept beside the files so that their URLs outlive a restart. */
export async function openFileSecret(folder: string, log: StoreLog): Promise<Buffer> {
  const path = join(folder, 'file-secret');
  const stored = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (stored?.length === SECRET_BYTES) return stored;
  if (stored) {
    const lost =
      'URLs of earlier files have ended, and digests of users are others where no secret is set for them';
    await setAside(new DamagedFile(path), lost, log);
  }
  const secret = randomBytes(SECRET_BYTES);
  await writeWholeFile(path, secret);
  return secret;
}
