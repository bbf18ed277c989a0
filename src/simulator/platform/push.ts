import * as crypto from 'node:crypto';
import type { PlatformOptions, PushSettings, PushTry } from './types';

const MAX_TRIES = 3;
const ANSWER_MS = 5000;
const BLOCK_BYTES = 32;

/** Pushes messages to the app's server (protocol 16). */
export class Pusher {
  readonly tries: PushTry[] = [];
  private readonly closing = new AbortController();

  constructor(private readonly options: Pick<PlatformOptions, 'appid' | 'push'>) {}

  async verify(): Promise<boolean> {
    const { url, token } = this.settings();
    const echostr = crypto.randomBytes(8).toString('hex');
    const query = new URLSearchParams({ ...signedQuery(token), echostr });
    const answer = await fetch(`${url}?${query}`, { signal: this.closing.signal });
    return (await answer.text()) === echostr;
  }

  async push(message: object): Promise<PushTry[]> {
    const tries: PushTry[] = [];
    while (tries.length < MAX_TRIES && !this.closing.signal.aborted) {
      const once = await this.pushOnce(message);
      tries.push(once);
      this.tries.push(once);
      if (once.status === 200 && (once.body === 'success' || once.body === '')) break;
    }
    return tries;
  }

  async pushResult(done: { service: string; api: string; requestId: string; value: unknown }): Promise<void> {
    const { push } = this.options;
    if (!push || push.lost) return;
    await this.push({
      ToUserName: 'gh_app',
      FromUserName: 'openid',
      CreateTime: Math.floor(Date.now() / 1000),
      MsgType: 'event',
      Event: 'servicemarket_async_api_result',
      Api: done.api,
      Data: JSON.stringify(done.value),
      RequestID: done.requestId,
      Service: done.service,
    });
  }

  close(): void {
    this.closing.abort();
  }

  private settings(): PushSettings {
    const { push } = this.options;
    if (!push) throw new Error('Failed to push: the platform has no address. Give it the option "push".');
    return push;
  }

  private async pushOnce(message: object): Promise<PushTry> {
    const settings = this.settings();
    const { query, body } = composePush(message, this.options.appid, settings);
    const startedAt = performance.now();
    const ms = (): number => Math.round(performance.now() - startedAt);
    try {
      const answer = await fetch(`${settings.url}?${new URLSearchParams(query)}`, {
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

/** A push as it goes over the wire, with a fresh nonce and time. */
export function composePush(
  message: object,
  appid: string,
  { token, encodingAESKey, mode = 'safe', format = 'json' }: PushSettings,
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
    body: write({ ToUserName: 'gh_app', Encrypt }),
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
