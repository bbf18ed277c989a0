import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, Send } from '../http-client';
import { OpenApiError } from '../open-api-error';
import { parseAnswer } from '../read-json';
import { type Binding, decrypt, encrypt, type Envelope, isSignedBy, IV_BYTES, signBody } from './envelope';
import type { SecurityKeys } from './keys';

/** How far the clocks of an answer and of this machine may be apart. */
const MAX_SKEW_S = 300;
/** The platform's code for a timestamp that it does not accept. */
const EXPIRED = 40240;

export interface SecuredSendOptions {
  keys: SecurityKeys;
  /** Names of the calls that are encrypted. */
  calls: ReadonlySet<string>;
  appid: string;
  /** Of the platform's server; signatures cover it. */
  baseUrl: string;
  /** The clock, in ms. */
  now: () => number;
}

/**
 * Encrypts and signs the calls of an app, verifies and decrypts their answers (protocol 17).
 *
 * @returns a function like `send`; it throws an OpenApiError with billing `unknown` for an answer that nobody vouches for
 */
export function createSecuredSend(send: Send, options: SecuredSendOptions): Send {
  const { keys, calls, appid, now } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const nowS = (): number => Math.floor(now() / 1000);
  return async (call, request) => {
    if (!calls.has(call) || typeof request.body !== 'string') return send(call, request);
    const url = baseUrl + request.path;
    const sealed = seal(request.body, { url, appid, timestamp: nowS() });
    const answer = await send(call, { ...request, ...sealed });
    return open(call, answer, url);
  };

  function seal(json: string, binding: Binding): { body: string; headers: Record<string, string> } {
    const fields = { _n: randomBytes(16).toString('base64'), _appid: appid, _timestamp: binding.timestamp };
    // Put in as text: the body may have megabytes, and is not read and written once more for three fields.
    const plain = `${JSON.stringify(fields).slice(0, -1)}${json === '{}' ? '' : ','}${json.slice(1)}`;
    const body = JSON.stringify(encrypt(plain, keys.symmetric, randomBytes(IV_BYTES), binding));
    const headers = {
      'Wechatmp-Appid': appid,
      'Wechatmp-TimeStamp': String(binding.timestamp),
      'Wechatmp-Signature': signBody(body, keys.privateKey, binding),
    };
    return { body, headers };
  }

  function open(call: string, answer: Answer, url: string): Answer {
    const { headers, bytes } = answer;
    if (headers['wechatmp-signature'] === undefined) return readRefusal(call, answer, now());
    const timestamp = Number(headers['wechatmp-timestamp']);
    const binding = { url, appid, timestamp };
    const signature = signatureOf(headers, keys.platform.sn);
    if (signature === undefined) {
      const serial = String(headers['wechatmp-serial']);
      throw distrust(
        call,
        `it is signed by certificate ${serial}, not by ${keys.platform.sn}. Set "security.platformCertificate" to the one in the console`,
      );
    }
    if (headers['wechatmp-appid'] !== appid) throw distrust(call, 'it is for another app');
    if (!(Math.abs(nowS() - timestamp) <= MAX_SKEW_S)) {
      throw distrust(call, `its time is more than ${MAX_SKEW_S} s from this machine's. Set the clock by NTP`);
    }
    if (!isSignedBy(keys.platform.key, bytes, signature, binding)) {
      throw distrust(call, 'its signature is not that of "security.platformCertificate"');
    }
    return { ...answer, bytes: readEnvelope(call, bytes, binding) };
  }

  function readEnvelope(call: string, bytes: Buffer, binding: Binding): Buffer {
    let plain: Buffer;
    try {
      plain = decrypt(JSON.parse(bytes.toString()) as Envelope, keys.symmetric, binding);
    } catch {
      throw distrust(call, 'it cannot be decrypted by "security.symmetric"');
    }
    const content = parseAnswer(plain);
    // What cannot be read is the caller's to report: the platform has signed it.
    if (typeof content !== 'object' || content === null) return plain;
    const fields = content as Record<string, unknown>;
    if (fields._appid !== appid) throw distrust(call, 'it is for another app');
    for (const name of ['_n', '_appid', '_timestamp']) delete fields[name];
    return Buffer.from(JSON.stringify(fields));
  }
}

/** During a change of the platform's certificate an answer has two signatures: that of the owner's certificate counts. */
function signatureOf(headers: IncomingHttpHeaders, sn: string): string | undefined {
  for (const suffix of ['', '-deprecated']) {
    if (headers[`wechatmp-serial${suffix}`] === sn) return headers[`wechatmp-signature${suffix}`] as string;
  }
  return undefined;
}

/** A refusal of the call comes as it is, without a signature. It is an error whoever wrote it, and never a result. */
function readRefusal(call: string, answer: Answer, now: number): Answer {
  const { errcode, errmsg } = Object(parseAnswer(answer.bytes)) as Record<string, unknown>;
  if (typeof errcode !== 'number' || errcode === 0) throw distrust(call, 'it has no signature');
  const skewS = Math.round((now - Date.parse(String(answer.headers.date))) / 1000);
  const words =
    errcode === EXPIRED && Math.abs(skewS) > 1
      ? `${String(errmsg)} (this machine's clock is ${Math.abs(skewS)} s ${skewS > 0 ? 'ahead of' : 'behind'} the platform's)`
      : errmsg;
  return { ...answer, bytes: Buffer.from(JSON.stringify({ errcode, errmsg: words })) };
}

function distrust(call: string, cause: string): OpenApiError {
  return new OpenApiError(call, `the answer cannot be trusted: ${cause}.`, { billing: 'unknown' });
}
