import * as crypto from 'node:crypto';
import type { PushSettings, PushTry } from './types';

const MAX_TRIES = 3;
const ANSWER_MS = 5000;
const BLOCK_BYTES = 32;

/** Pushes messages to the server of an app, or of a third-party platform (protocol 16). */
export class Pusher {
  readonly tries: PushTry[] = [];
  private readonly closing = new AbortController();

  constructor(
    private readonly receiver: {
      /** Stands inside what is encrypted. */
      appid: string;
      /** The console's. They may change at any time. */
      settings(): PushSettings | undefined;
    },
  ) {}

  async verify(): Promise<boolean> {
    const { url, token } = this.demandSettings();
    const echostr = crypto.randomBytes(8).toString('hex');
    const query = new URLSearchParams({ ...signedQuery(token), echostr });
    const answer = await fetch(`${url}?${query}`, { signal: this.closing.signal });
    return (await answer.text()) === echostr;
  }

  /** @param further - the address, where it is another than the console's; the third-party platform's appid, in place of `ToUserName` */
  async push(message: object, further: Further = {}): Promise<PushTry[]> {
    const tries: PushTry[] = [];
    while (tries.length < MAX_TRIES && !this.closing.signal.aborted) {
      const once = await this.pushOnce(message, further);
      tries.push(once);
      this.tries.push(once);
      if (once.status === 200 && (once.body === 'success' || once.body === '')) break;
    }
    return tries;
  }

  close(): void {
    this.closing.abort();
  }

  private demandSettings(): PushSettings {
    const push = this.receiver.settings();
    if (!push) throw new Error('Failed to push: the platform has no address. Give it the option "push".');
    return push;
  }

  private async pushOnce(message: object, { url, AppId }: Further): Promise<PushTry> {
    const settings = this.demandSettings();
    const to = AppId === undefined ? undefined : { AppId };
    const { query, body } = composePush(message, this.receiver.appid, settings, to);
    const startedAt = performance.now();
    const ms = (): number => Math.round(performance.now() - startedAt);
    try {
      const answer = await fetch(`${url ?? settings.url}?${new URLSearchParams(query)}`, {
        method: 'POST',
        body,
        headers: { 'content-type': settings.format === 'xml' ? 'text/xml' : 'application/json' },
        signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      return { status: answer.status, body: await answer.text(), ms: ms() };
    } catch {
      return { ms: ms() };
    }
  }
}

interface Further {
  url?: string;
  AppId?: string;
}

/** A push as it goes over the wire, with a fresh nonce and time. @param to - beside `Encrypt` in the open */
export function composePush(
  message: object,
  appid: string,
  { token, encodingAESKey, mode = 'safe', format = 'json' }: PushSettings,
  to: { ToUserName: string } | { AppId: string } = { ToUserName: 'gh_app' },
): { query: Record<string, string>; body: string } {
  const write = format === 'xml' ? toXml : JSON.stringify;
  const query = signedQuery(token);
  if (mode === 'plain') return { query, body: write(message) };
  const Encrypt = encryptMessage(write(message), appid, encodingAESKey ?? '');
  return {
    query: {
      ...query,
      encrypt_type: 'aes',
      msg_signature: signatureOf([token, query.timestamp, query.nonce, Encrypt]),
    },
    body: write({ ...to, Encrypt }),
  };
}

/** The result of a long task, as it is pushed. */
export function resultMessage(done: {
  service: string;
  api: string;
  requestId: string;
  value: unknown;
}): object {
  return {
    ToUserName: 'gh_app',
    FromUserName: 'openid',
    CreateTime: Math.floor(Date.now() / 1000),
    MsgType: 'event',
    Event: 'servicemarket_async_api_result',
    Api: done.api,
    Data: JSON.stringify(done.value),
    RequestID: done.requestId,
    Service: done.service,
  };
}

function signedQuery(token: string): Record<'timestamp' | 'nonce' | 'signature', string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = String(crypto.randomInt(1_000_000_000));
  return { timestamp, nonce, signature: signatureOf([token, timestamp, nonce]) };
}

function signatureOf(words: string[]): string {
  return crypto.createHash('sha1').update(words.sort().join('')).digest('hex');
}

function encryptMessage(message: string, appid: string, encodingAESKey: string): string {
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(message));
  const plain = Buffer.concat([crypto.randomBytes(16), length, Buffer.from(message + appid)]);
  const missing = BLOCK_BYTES - (plain.length % BLOCK_BYTES);
  const cipher = crypto.createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return (
    cipher.update(Buffer.concat([plain, Buffer.alloc(missing, missing)]), undefined, 'base64') +
    cipher.final('base64')
  );
}

/** As the platform writes it: strings in CDATA, numbers bare. */
function toXml(message: object): string {
  const fields = Object.entries(message).map(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : `<![CDATA[${String(value)}]]>`;
    return `<${name}>${text}</${name}>`;
  });
  return `<xml>${fields.join('')}</xml>`;
}
