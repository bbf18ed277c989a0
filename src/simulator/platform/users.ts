import { createCipheriv, randomBytes } from 'node:crypto';
import { randomWord } from '../text';
import { PlatformError } from './types';

interface Code {
  openid: string;
  issuedAt: number;
  used: boolean;
}

/** Users of the mini-program: their login codes, each good once, and their session keys. */
export class Users {
  private readonly codes = new Map<string, Code>();
  private readonly sessionKeys = new Map<string, string>();

  constructor(
    private readonly appid: string,
    /** ms. */
    private readonly codeLife: number,
  ) {}

  issueCode(openid = `openid-${randomWord()}`): string {
    const code = `code-${randomWord()}${randomWord()}`;
    this.codes.set(code, { openid, issuedAt: Date.now(), used: false });
    // The session key is new from the login on, whether or not the code is ever turned in.
    this.sessionKeys.set(openid, randomBytes(16).toString('base64'));
    return code;
  }

  /** @throws PlatformError for an unknown, old or used code */
  redeem(value: string | undefined): { openid: string; session_key: string } {
    const code = this.codes.get(value ?? '');
    if (!code || Date.now() - code.issuedAt > this.codeLife) throw new PlatformError(40029, 'invalid code');
    if (code.used) throw new PlatformError(40163, 'code been used');
    code.used = true;
    return { openid: code.openid, session_key: this.sessionKeys.get(code.openid) as string };
  }

  knows(openid: unknown): boolean {
    return this.sessionKeys.has(String(openid));
  }

  /** AES-128-CBC with the user's session key and our watermark (protocol 14, decrypt). */
  encryptFor(openid: string, value: object): { encryptedData: string; iv: string } {
    const key = this.sessionKeys.get(openid);
    if (!key) throw new Error(`Failed to encrypt for ${openid}: no such user. Issue a code first.`);
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), iv);
    const watermark = { appid: this.appid, timestamp: Math.floor(Date.now() / 1000) };
    const text = JSON.stringify({ ...value, watermark });
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return { encryptedData: encrypted.toString('base64'), iv: iv.toString('base64') };
  }
}
