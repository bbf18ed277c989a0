import { createHash } from 'node:crypto';
import type { RelayReply } from '../../protocol';
import { decryptMessage, isSignatureOf, parseAesKey } from './message-crypto';

/** The settings of message push, as they stand in the console. */
export interface PushOptions {
  /** The app that messages are for; one for another app is refused. */
  appid: string;
  /** Token. */
  token: string;
  /** EncodingAESKey, 43 characters; needed in safe mode. */
  encodingAESKey?: string;
  /** `plain`: messages may come without encryption, which proves nothing of what they say. @default 'safe' */
  mode?: 'safe' | 'plain';
  /** The clock, in ms. @default Date.now */
  now?: () => number;
}

/** The query of a push, as it came. */
export type PushQuery = Readonly<Record<string, unknown>>;

/** What the platform pushed. */
export interface Push {
  /** Its fields as the platform names them. */
  message: PushMessage;
  /** False in plain mode: whoever has seen one push may have made this one. */
  isProved: boolean;
  /** The same on each repeat of the same event, and of no other. */
  eventId: string;
  /** Its time and nonce, as they are signed: for one event only, and its repeats. */
  nonce: string;
}

export interface PushMessage {
  MsgType?: string;
  Event?: string;
  FromUserName?: string;
  ToUserName?: string;
  [field: string]: unknown;
}

/** The result of a long task, which the platform pushes where the interface offers it. */
export interface TaskResultMessage extends PushMessage {
  RequestID: string;
  Service?: string;
  Api?: string;
  /** The result as a JSON string. */
  Data?: unknown;
}

export interface PushReader {
  /**
   * For GET, when the address is set up in the console.
   *
   * @returns `echostr`, which is the whole answer
   * @throws PushRefusal
   */
  echo(query: PushQuery): string;
  /** Looks at what a POST shows before its body is read. @throws PushRefusal */
  admit(query: PushQuery): void;
  /** @throws PushRefusal */
  read(query: PushQuery, body: string): Push;
}

/** A push that is not the platform's, or cannot be read. Its message quotes nothing of it. */
export class PushRefusal extends Error {
  override readonly name = 'PushRefusal';
}

/** How far the clocks of the platform and of this machine may be apart, with the time for three tries. */
const MAX_PUSH_AGE_S = 300;
/**
 * What is encrypted, in a body that is XML. It is found without a parser, which strangers could keep busy: until the
 * signature is checked the body may be anybody's, and after that nothing else in it counts.
 */
const ENCRYPT_ELEMENT = /<Encrypt>(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?<\/Encrypt>/;

/**
 * Reads what the platform pushes to an app's server (protocol 16).
 *
 * @param parseXml - for owners who have chosen XML in the console. @default such messages are refused
 * @throws TypeError that names the option which is missing or wrong
 */
export function createPushReader(
  options: PushOptions,
  parseXml: (xml: string) => unknown = refuseXml,
): PushReader {
  const { appid, token, encodingAESKey, mode = 'safe', now = Date.now } = options;
  if (!appid || !token) refuseOption('"appid" and "token" are required');
  const key = encodingAESKey === undefined ? undefined : parseAesKey(encodingAESKey);
  if (encodingAESKey !== undefined && !key)
    refuseOption('"encodingAESKey" must be the 43 characters of the console');
  if (mode === 'safe' && !key) refuseOption('"encodingAESKey" is required, unless "mode" is "plain"');

  return {
    echo(query) {
      const echostr = field(query, 'echostr');
      requireTime(query);
      requireSignature(query, 'signature', []);
      return echostr;
    },

    admit(query) {
      requireTime(query);
      const isEncrypted = query.encrypt_type === 'aes';
      if (!isEncrypted && mode !== 'plain') {
        throw new PushRefusal('it is not encrypted. Choose safe mode in the console');
      }
      if (isEncrypted && !key) throw new PushRefusal('it is encrypted, and there is no "encodingAESKey"');
      // In safe mode the signature over the whole message decides.
      if (!isEncrypted || query.signature !== undefined) requireSignature(query, 'signature', []);
    },

    read(query, body) {
      this.admit(query);
      const isProved = query.encrypt_type === 'aes';
      const text = isProved ? decrypt(query, body) : body;
      const message = parse(text);
      const nonce = `${field(query, 'timestamp')} ${field(query, 'nonce')}`;
      return { message, isProved, eventId: eventIdOf(message, isProved, text), nonce };
    },
  };

  function decrypt(query: PushQuery, body: string): string {
    const encrypted = isXml(body) ? ENCRYPT_ELEMENT.exec(body)?.[1] : parse(body).Encrypt;
    if (typeof encrypted !== 'string') throw new PushRefusal('it has no "Encrypt"');
    requireSignature(query, 'msg_signature', [encrypted]);
    let plain: ReturnType<typeof decryptMessage>;
    try {
      plain = decryptMessage(encrypted, key as Buffer);
    } catch {
      throw new PushRefusal('it cannot be decrypted by "encodingAESKey"');
    }
    if (plain.appid !== appid) throw new PushRefusal('it is for another app');
    return plain.message;
  }

  function parse(text: string): PushMessage {
    let message: unknown;
    try {
      message = isXml(text) ? parseXml(text) : JSON.parse(text);
    } catch (error) {
      throw error instanceof PushRefusal ? error : new PushRefusal('it is neither JSON nor XML');
    }
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      throw new PushRefusal('it has no fields');
    }
    return message as PushMessage;
  }

  function requireTime(query: PushQuery): void {
    const timestamp = Number(field(query, 'timestamp'));
    if (Math.abs(now() / 1000 - timestamp) <= MAX_PUSH_AGE_S) return;
    throw new PushRefusal(`its time is more than ${MAX_PUSH_AGE_S} s from this machine's`);
  }

  function requireSignature(query: PushQuery, name: string, further: readonly string[]): void {
    const words = [token, field(query, 'timestamp'), field(query, 'nonce'), ...further];
    if (!isSignatureOf(words, field(query, name)))
      throw new PushRefusal(`its "${name}" is not that of the token`);
  }
}

/** Whether a message is the result of a long task. */
export function isTaskResult(message: PushMessage): message is TaskResultMessage {
  const { Event: event, RequestID: requestId } = message;
  return event === 'servicemarket_async_api_result' && typeof requestId === 'string' && requestId !== '';
}

/** What asking the platform would have returned; undefined where the message does not hold it. */
export function resultOf({ RequestID: requestId, Data: data }: TaskResultMessage): RelayReply | undefined {
  if (typeof data !== 'string') return undefined;
  return { errcode: 0, errmsg: 'ok', status: 0, data, request_id: requestId };
}

/**
 * A result is known by its task: the platform may write its repeats anew. In plain mode only by its text, so that a forged
 * one does not make a repeat of the genuine one.
 */
function eventIdOf(message: PushMessage, isProved: boolean, text: string): string {
  const identity = isProved && isTaskResult(message) ? `result ${message.RequestID}` : `message ${text}`;
  return createHash('sha256').update(identity).digest('hex');
}

function isXml(text: string): boolean {
  return text.trimStart().startsWith('<');
}

/** A query may have the same name twice, which makes a list of it. */
function field(query: PushQuery, name: string): string {
  const value = query[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new PushRefusal(`its query has no "${name}"`);
}

function refuseXml(): never {
  throw new PushRefusal('it is XML. Choose JSON in the console');
}

function refuseOption(cause: string): never {
  throw new TypeError(`Failed to make the reader of pushes: ${cause}.`);
}
