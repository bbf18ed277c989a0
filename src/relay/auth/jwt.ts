import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Credential } from '../../protocol';
import { errorText, text } from '../../texts';
import type { Authenticate } from '../apps/app-options';

/** What `jwtAuthenticator` accepts: one of `secret` and `publicKey`. */
export interface JwtOptions {
  /** For HS256; at least 32 bytes. */
  secret?: string;
  /** PEM of an RSA (RS256, from 2048 bits), P-256 (ES256) or Ed25519 (EdDSA) key. */
  publicKey?: string;
  /** Required value of `iss`. @default not checked */
  issuer?: string;
  /** Required in `aud`. @default not checked */
  audience?: string;
  /** Seconds that `exp` may lie ahead. @default 86400 */
  maxTtl?: number;
  /** Seconds that the owner's clock may differ. @default 30 */
  clockTolerance?: number;
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}

/** Bytes that a secret for HS256 has at least: those of its hash (RFC 7518, 3.2). */
export const MIN_SECRET_BYTES = 32;

const MIN_RSA_BITS = 2048;

/** Leaves room for a prefix within the 128 characters of a user id. */
const MAX_SUB_LENGTH = 100;

/**
 * Checks a JWT that the app's owner signed; the user id is its `sub` (at most 100 characters). `sub` and
 * `exp` are required, and a session ends with its token. The algorithm is the key's: the token's header has to agree and never decides.
 *
 * @throws TypeError for a key that cannot be used, or a wrong `maxTtl`
 */
export function jwtAuthenticator(options: JwtOptions): Authenticate {
  const { key, algorithm } = readKey(options);
  const { issuer, audience, maxTtl = 86_400, clockTolerance = 30, now = Date.now } = options;
  if (!Number.isSafeInteger(maxTtl) || maxTtl < 1) throw wrong(text('jwtMaxTtl'));
  return async ({ value }) => {
    const claims = await verify(value);
    if (!claims || !isCurrent(claims)) return undefined;
    const { sub, exp } = claims;
    if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUB_LENGTH) return undefined;
    // As long as the token itself would be accepted.
    return { userId: sub, expiresAt: (exp as number) + clockTolerance };
  };

  async function verify(token: string): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        issuer,
        audience,
        clockTolerance,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      // Whatever is wrong with the token; anything else is a failure of the check itself.
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** The bounds that jwtVerify does not know: `exp` must not lie too far ahead, and `iat` not ahead at all. */
  function isCurrent({ exp = Infinity, iat = -Infinity }: JWTPayload): boolean {
    const latest = now() / 1000 + clockTolerance;
    return typeof iat === 'number' && iat <= latest && exp <= latest + maxTtl;
  }
}

/**
 * For `recognizes` of one of several apps: whether a token says that it is for this issuer and audience. It proves
 * nothing: `jwtAuthenticator` does.
 */
export function isJwtFor({
  issuer,
  audience,
}: Pick<JwtOptions, 'issuer' | 'audience'>): (credential: Credential) => boolean {
  return ({ value }) => {
    try {
      const { iss, aud } = decodeJwt(value);
      const isForAudience = audience === undefined || [aud].flat().includes(audience);
      return isForAudience && (issuer === undefined || iss === issuer);
    } catch {
      return false;
    }
  };
}

interface VerificationKey {
  key: KeyObject;
  algorithm: 'HS256' | 'RS256' | 'ES256' | 'EdDSA';
}

function readKey({ secret, publicKey }: JwtOptions): VerificationKey {
  if ((secret === undefined) === (publicKey === undefined)) {
    throw wrong(text('jwtOneKey'));
  }
  if (secret === undefined) return readPublicKey(publicKey as string);
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw wrong(text('jwtSecretShort', { least: MIN_SECRET_BYTES }));
  }
  return { key: createSecretKey(secret, 'utf8'), algorithm: 'HS256' };
}

function readPublicKey(pem: string): VerificationKey {
  const key = parsePem(pem);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' && Number(details?.modulusLength) >= MIN_RSA_BITS) return { key, algorithm: 'RS256' };
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return { key, algorithm: 'ES256' };
  if (type === 'ed25519') return { key, algorithm: 'EdDSA' };
  throw wrong(text('jwtKeyKind', { bits: MIN_RSA_BITS }));
}

function parsePem(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    // The cause could quote the key.
    throw wrong(text('jwtKeyNoPem'));
  }
}

function wrong(rule: string): TypeError {
  return new TypeError(errorText('jwtOptionWrong', { rule }));
}
