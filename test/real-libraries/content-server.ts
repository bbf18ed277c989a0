/** Where contents arrive whose bytes are compared: a relay, the cloud's storage, and the service behind both. */

export const RELAY = 'https://relay.test';

/** A request to the relay. */
export interface RelayRequest {
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** The file of a form. */
  file?: Uint8Array;
}

interface RelayAnswer {
  status: number;
  body: object;
}

const ENVELOPE = { errcode: 0, errmsg: 'ok', request_id: 'R', data: '"done"' };

export class ContentServer {
  /** Each upload on its way: its content type and the status of the answer, or `file`. */
  readonly sent: string[] = [];
  /** What was stored last. */
  stored: Buffer | undefined;
  /** How often the service was called. */
  calls = 0;
  /** False for a relay of an earlier version, which neither checks nor says how many bytes came. */
  knowsSizes = true;

  /** The relay: sessions, files and calls. */
  handle(request: RelayRequest): RelayAnswer {
    if (request.path === '/session') return { status: 200, body: { token: 'T', expires_in: 7200 } };
    if (request.path === '/files') return this.receive(request);
    return { status: 200, body: this.call() };
  }

  /** The storage of the cloud, which is sent files alone. */
  store(bytes: Uint8Array): void {
    this.sent.push('file');
    this.stored = Buffer.from(bytes);
  }

  /** The service. */
  call(): object {
    this.calls++;
    return ENVELOPE;
  }

  private receive({ headers, body, file }: RelayRequest): RelayAnswer {
    const type = file ? 'file' : String(headers['content-type']);
    const bytes = file ? Buffer.from(file) : bytesOf(type, Buffer.from(body));
    const intended = headers['x-content-bytes'];
    const isRefused = this.knowsSizes && intended !== undefined && Number(intended) !== bytes.length;
    this.sent.push(`${type} ${isRefused ? 422 : 200}`);
    if (isRefused) return { status: 422, body: { errcode: -1, errmsg: 'not as long', request_id: 'R' } };
    this.stored = bytes;
    const size = this.knowsSizes ? { size: bytes.length } : {};
    return { status: 200, body: { url: `${RELAY}/files/1`, ...size } };
  }
}

function bytesOf(type: string, body: Buffer): Buffer {
  if (type !== 'application/json') return body;
  const { text, base64 } = JSON.parse(body.toString()) as { text?: string; base64?: string };
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
}
