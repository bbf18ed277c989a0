import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { KEY_BYTES, type SymmetricKey } from './envelope';
import type { SecurableCall } from './secured-calls';

/**
 * The keys of API security, as the console has them: each as a string or in a file. AES-256-GCM and
 * RSA-PSS; the other choice of the console, SM4 and SM2, is not supported.
 */
export interface SecurityOptions {
  /** The symmetric key: its number, and 32 bytes in base64. */
  symmetric: { sn: string; key?: string; keyFile?: string };
  /** The app's private key, PEM. */
  privateKey?: string;
  privateKeyFile?: string;
  /** The platform's certificate: the number that the console shows beside it, and its PEM. */
  platformCertificate: { sn: string; certificate?: string; file?: string };
  /** Calls that are encrypted beside `serviceMarket.invokeService`: those that are switched on in the console. */
  calls?: readonly SecurableCall[];
}

export interface SecurityKeys {
  symmetric: SymmetricKey;
  privateKey: KeyObject;
  /** Verifies answers. */
  platform: { sn: string; key: KeyObject };
}

/**
 * Reads and checks the keys. No error quotes one.
 *
 * @throws TypeError that names the option which is missing or holds something else; Error for a file that cannot be read
 */
export function readSecurityKeys(options: SecurityOptions): SecurityKeys {
  const { symmetric, platformCertificate: certificate } = options;
  requireNumber('symmetric.sn', symmetric?.sn);
  requireNumber('platformCertificate.sn', certificate?.sn);
  const key = Buffer.from(textOf('symmetric.key', symmetric.key, symmetric.keyFile).trim(), 'base64');
  if (key.length !== KEY_BYTES) refuse('symmetric.key', `${KEY_BYTES} bytes in base64`);
  const privateKey = parseKey('privateKey', 'an RSA private key in PEM, without a passphrase', () =>
    createPrivateKey(textOf('privateKey', options.privateKey, options.privateKeyFile)),
  );
  const publicKey = parseKey('platformCertificate.certificate', "the platform's RSA certificate in PEM", () =>
    createPublicKey(textOf('platformCertificate.certificate', certificate.certificate, certificate.file)),
  );
  return {
    symmetric: { sn: symmetric.sn, key: createSecretKey(key) },
    privateKey,
    platform: { sn: certificate.sn, key: publicKey },
  };
}

function requireNumber(name: string, sn: unknown): void {
  if (typeof sn !== 'string' || sn === '') refuse(name, 'the number that the console shows');
}

function textOf(name: string, text: string | undefined, file: string | undefined): string {
  if (text !== undefined) return text;
  if (file !== undefined) return readKeyFile(file);
  return refuse(name, 'given, itself or as a file');
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const fix = 'Correct its name, or make it a file that may be read.';
    throw new Error(`Failed to read ${file}: ${code}. ${fix}`, { cause });
  }
}

function parseKey(name: string, allowed: string, parse: () => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = parse();
  } catch (error) {
    // What OpenSSL says could quote the key; our own texts name an option or a file.
    if ((error as Error).message.startsWith('Failed to ')) throw error;
  }
  if (key?.asymmetricKeyType !== 'rsa') refuse(name, allowed);
  return key;
}

/** Says which option is wrong, and what it has to be. */
export function refuse(name: string, allowed: string): never {
  throw new TypeError(`Failed to make the platform client: "security.${name}" must be ${allowed}.`);
}
