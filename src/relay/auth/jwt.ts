import {
  createHmac,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { Authenticate } from '../options';

/** What `jwtAuthenticator` takes: one of `secret` and `publicKey`. */
export interface JwtOptions {
  /** For HS256; at least 32 bytes. */
  secret?: string;
  /** PEM of an RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA) key. */
  publicKey?: string;
  /** Required value of `iss`. @default not checked */
  issuer?: string;
  /** Required in `aud`. @default not checked */
  audience?: string;
  /** The longest life of a token that is accepted, in seconds. @default 86400 */
  maxLife?: number;
  /** Seconds that the owner's clock may differ. @default 30 */
  tolerance?: number;
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}

/** Bytes that a secret for HS256 has at least: those of its hash. */
export const SECRET_BYTES = 32;

/** Leaves room for a prefix within the 128 characters of a user id. */
const LONGEST_SUB = 100;

interface Claims {
  sub?: unknown;
  iss?: unknown;
  aud?: unknown;
  exp?: unknown;
  nbf?: unknown;
  iat?: unknown;
}

/**
 * Checks a JWT that the app's owner signed; the user id is its `sub` (at most 100 characters). `sub` and
 * `exp` are required. The algorithm is the key's: what the token's header says must agree and never decides.
 *
 * @throws TypeError for a key that cannot be used, or a wrong `maxLife`
 */
export function jwtAuthenticator(options: JwtOptions): Authenticate {
  const { algorithm, isSigned } = makeVerifier(options);
  const { issuer, audience, maxLife = 86_400, tolerance = 30, now = Date.now } = options;
  if (!Number.isSafeInteger(maxLife) || maxLife < 1) throw wrong('"maxLife" must be a whole number from 1');
  return ({ value }) => {
    const parts = value.split('.');
    if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
    const [header, payload, signature] = parts;
    const head = readPart(header) as { alg?: unknown; crit?: unknown } | undefined;
    if (head?.alg !== algorithm || head.crit !== undefined) return undefined;
    if (!isSigned(`${header}.${payload}`, Buffer.from(signature, 'base64url'))) return undefined;
    const claims = readPart(payload) as Claims | undefined;
    return claims && isCurrent(claims) && isMeant(claims) ? (claims.sub as string) : undefined;
  };

  function isCurrent({ exp, nbf, iat }: Claims): boolean {
    const seconds = now() / 1000;
    if (typeof exp !== 'number' || exp + tolerance <= seconds || exp - tolerance > seconds + maxLife)
      return false;
    return [nbf, iat].every(
      (at) => at === undefined || (typeof at === 'number' && at - tolerance <= seconds),
    );
  }

  function isMeant({ sub, iss, aud }: Claims): boolean {
    if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_SUB) return false;
    if (issuer !== undefined && iss !== issuer) return false;
    return audience === undefined || (Array.isArray(aud) ? aud : [aud]).includes(audience);
  }
}

interface Verifier {
  algorithm: 'HS256' | 'RS256' | 'ES256' | 'EdDSA';
  isSigned(text: string, signature: Buffer): boolean;
}

function makeVerifier({ secret, publicKey }: JwtOptions): Verifier {
  if ((secret === undefined) === (publicKey === undefined))
    throw wrong('give one of "secret" and "publicKey"');
  if (secret !== undefined) {
    if (Buffer.byteLength(secret) < SECRET_BYTES) {
      throw wrong(`"secret" must have at least ${SECRET_BYTES} bytes`);
    }
    const key = createSecretKey(secret, 'utf8');
    return {
      algorithm: 'HS256',
      isSigned(text, signature) {
        const expected = createHmac('sha256', key).update(text).digest();
        return expected.length === signature.length && timingSafeEqual(expected, signature);
      },
    };
  }
  return makePublicVerifier(readPublicKey(publicKey as string));
}

function readPublicKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw wrong('"publicKey" must be the PEM of a public key');
  }
}

function makePublicVerifier(key: KeyObject): Verifier {
  const isP256 = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (key.asymmetricKeyType === 'rsa') {
    return {
      algorithm: 'RS256',
      isSigned: (text, signature) => verify('sha256', Buffer.from(text), key, signature),
    };
  }
  if (key.asymmetricKeyType === 'ec' && isP256) {
    const pair = { key, dsaEncoding: 'ieee-p1363' as const };
    return {
      algorithm: 'ES256',
      isSigned: (text, signature) => verify('sha256', Buffer.from(text), pair, signature),
    };
  }
  if (key.asymmetricKeyType === 'ed25519') {
    return {
      algorithm: 'EdDSA',
      isSigned: (text, signature) => verify(null, Buffer.from(text), key, signature),
    };
  }
  throw wrong('"publicKey" must be an RSA, P-256 or Ed25519 key');
}

function wrong(rule: string): TypeError {
  return new TypeError(`Failed to make the JWT check: ${rule}.`);
}

function readPart(part: string): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
