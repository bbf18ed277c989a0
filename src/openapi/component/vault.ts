import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { AccessToken, TokenStore } from '../token-store';
import type { ComponentStore } from './component-store';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
/** Fixed, because a cipher accepts a shorter tag, which is easy to guess. */
const TAG_BYTES = 16;

/** A value cannot be decrypted. The message says what to do, and quotes nothing of it. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/**
 * A store whose values are encrypted, by AES-256-GCM. Each names the key that it was encrypted by, and is good under its own
 * name in the store alone.
 */
export class Vault {
  /** By their ids; the first encrypts. */
  private readonly keys: ReadonlyMap<string, Buffer>;

  /**
   * @param keys - 32 bytes in base64 each, newest first
   * @throws TypeError where there is none, or one is no such key
   */
  constructor(
    private readonly store: ComponentStore,
    keys: readonly string[],
  ) {
    this.keys = new Map(keys.map(parseKey).map((key) => [keyIdOf(key), key]));
    if (this.keys.size === 0) refuseKeys();
  }

  /** @throws VaultError where it was encrypted by a key that is not here, or was changed */
  async read(name: string): Promise<string | undefined> {
    const sealed = await this.store.read(name);
    return sealed === undefined ? undefined : this.open(name, sealed);
  }

  /** As `read`, and returns undefined for a value that cannot be decrypted: for what can be had again. */
  async readIfReadable(name: string): Promise<string | undefined> {
    try {
      return await this.read(name);
    } catch (error) {
      if (error instanceof VaultError) return undefined;
      throw error;
    }
  }

  /** Encrypts by the newest key. @param ttl - ms. @default it stays */
  async write(name: string, value: string, ttl?: number): Promise<void> {
    const [[id, key]] = this.keys;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(name));
    const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    const parts = [iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'));
    await this.store.write(name, [id, ...parts].join('.'), ttl);
  }

  remove(name: string): Promise<void> {
    return this.store.remove(name);
  }

  exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.store.exclusive(name, work);
  }

  private open(name: string, sealed: string): string {
    const [id, ...parts] = sealed.split('.');
    const key = this.keys.get(id);
    if (!key) {
      throw new VaultError(
        `what is kept as "${name}" is encrypted by a key that is not in "encryptionKeys" (its id is ${id}). ` +
          'Put the older key behind the newest.',
      );
    }
    const [iv, tag, data] = parts.map((part) => Buffer.from(part, 'base64url'));
    try {
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(name));
      decipher.setAuthTag(tag);
      return Buffer.concat([decipher.update(data), decipher.final()]).toString();
    } catch {
      throw new VaultError(
        `what is kept as "${name}" was changed in the store, and is not used. Have the app authorized again.`,
      );
    }
  }
}

/**
 * Access tokens in a vault.
 *
 * @param now - the clock, in ms
 */
export function tokensInVault(vault: Vault, now: () => number): TokenStore {
  return {
    async read(name) {
      const text = await vault.readIfReadable(name);
      return text === undefined ? undefined : (JSON.parse(text) as AccessToken);
    },
    write: (name, token) => vault.write(name, JSON.stringify(token), Math.max(1, token.expiresAt - now())),
    exclusive: (name, work) => vault.exclusive(name, work),
  };
}

/** Made from the key, so that nobody has to name keys. Too short to tell anything about it. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

function parseKey(text: string): Buffer {
  const key = Buffer.from(String(text).trim(), 'base64');
  return key.length === KEY_BYTES ? key : refuseKeys();
}

function refuseKeys(): never {
  throw new TypeError(
    `Failed to make the third-party platform: "encryptionKeys" must be keys of ${KEY_BYTES} bytes in base64, ` +
      'newest first. Make one by "openssl rand -base64 32".',
  );
}
