import { randomBytes } from 'node:crypto';
import { digest } from '../../invocation';
import { FILE_TYPES, type FileType } from './file-types';

/** Random bytes, 4 of expiry, 1 of type, 16 of the content's digest. */
const RANDOM = 32;
const TYPE = RANDOM + 4;
const CONTENT = TYPE + 1;
const LENGTH = CONTENT + 16;
/** Characters of an id. */
const ID_LENGTH = Math.ceil((LENGTH * 4) / 3);
const ID = new RegExp(`^[\\w-]{${ID_LENGTH}}$`);
const KEY = /^(\d{10})-[0-9a-f]{64}$/;

/**
 * What an id tells: the key under which the bytes lie, when they end (Unix seconds), their type and digest.
 * Nothing else has to be stored or shared between instances. An altered id has another key, so it finds
 * nothing.
 */
export interface FileReference {
  key: string;
  expiresAt: number;
  type: FileType;
  /** Hex; equal for equal bytes. */
  content: string;
}

/**
 * A new unguessable id in base64url.
 *
 * @param content - SHA-256 of the bytes
 */
export function newFileId(expiresAt: number, type: FileType, content: Buffer): string {
  const bytes = Buffer.alloc(LENGTH);
  randomBytes(RANDOM).copy(bytes);
  bytes.writeUInt32BE(expiresAt, RANDOM);
  bytes.writeUInt8(FILE_TYPES.indexOf(type), TYPE);
  content.copy(bytes, CONTENT, 0, LENGTH - CONTENT);
  return bytes.toString('base64url');
}

/** Reads an id; undefined when it cannot be one of ours. */
export function readFileId(id: string): FileReference | undefined {
  if (!ID.test(id)) return undefined;
  const bytes = Buffer.from(id, 'base64url');
  const expiresAt = bytes.readUInt32BE(RANDOM);
  const type = FILE_TYPES[bytes.readUInt8(TYPE)];
  if (!type) return undefined;
  const key = `${String(expiresAt).padStart(10, '0')}-${digest(id)}`;
  return { key, expiresAt, type, content: bytes.toString('hex', CONTENT) };
}

/**
 * Puts the content's digest in place of each URL of this relay's files, so that equal content makes equal strings.
 *
 * @param json - the JSON string of a call's data
 * @param filesUrl - the URL that all files of this relay begin with, with a slash at the end
 */
export function replaceFileUrls(json: string, filesUrl: string): string {
  const [before, ...pieces] = json.split(filesUrl);
  return pieces.reduce((text, piece) => {
    const reference = readFileId(piece.slice(0, ID_LENGTH));
    return text + (reference ? `file:${reference.content}${piece.slice(ID_LENGTH)}` : filesUrl + piece);
  }, before);
}

/** When the file under this key ends, in Unix seconds; undefined for a name that is not a key of ours. */
export function expiryOfKey(key: string): number | undefined {
  const match = KEY.exec(key);
  return match ? Number(match[1]) : undefined;
}
