/** The backend of a playground with a server: the real relay, and the demo's real services. */
import type { Answer, Backend, BillEvent, Exchange } from '../engine/types';

const TOKEN_HEADER = 'x-playground-token';
const RELAY_URL = `${location.origin}/relay`;

/** Of the market behind the relay and the cloud function, which the phone never sees. */
type ServerBill = Omit<BillEvent, 'type' | 'at'>;

export interface ServerBackend extends Backend {
  /** Tells the market behind the relay how to bill repeats. */
  useBilling(billing: 'perId' | 'perMessage'): Promise<void>;
}

/**
 * @param token - stands in the page, and is of this run of the server
 * @param onBills - is called with bills as they are written
 */
export async function createServerBackend(
  token: string,
  onBills: (bills: ServerBill[]) => void,
): Promise<ServerBackend> {
  async function ask<T>(name: string, body: object): Promise<T> {
    const response = await fetch(`/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [TOKEN_HEADER]: token },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`Failed to ask the playground's server: ${await response.text()}`);
    return (await response.json()) as T;
  }
  let known = 0;
  const lookForBills = async (): Promise<ServerBill[]> => {
    const { bills } = await ask<{ bills: ServerBill[] }>('traffic', { bills: known });
    known += bills.length;
    return bills;
  };
  // Those of earlier visits are none of this page's.
  await lookForBills();
  let looking = Promise.resolve();
  const reportBills = (channel: 'relay' | 'cloud'): Promise<void> =>
    (looking = looking.then(lookForBills).then(
      (bills) => onBills(bills.map((bill) => ({ ...bill, channel }))),
      () => undefined,
    ));
  /** Has the server do something with files of the phone. */
  async function work(name: string, body: object, files: Record<string, Uint8Array>): Promise<unknown> {
    const encoded = Object.entries(files).map(([url, bytes]) => [url, base64Of(bytes)] as const);
    const answer = await ask<{ value?: unknown; error?: string }>(name, {
      ...body,
      files: Object.fromEntries(encoded),
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  const { services } = await ask<{ services: string[] }>('services', {});

  return {
    services,
    relayUrl: RELAY_URL,
    async http(exchange, onSent, signal) {
      const { origin, pathname } = new URL(exchange.url);
      // Page code chooses the address; this page's token is for the relay alone.
      if (origin !== location.origin || !pathname.startsWith('/relay/')) {
        throw new Error('the playground reaches only its own relay');
      }
      try {
        return await send(exchange, token, onSent, signal);
      } finally {
        await reportBills('relay');
      }
    },
    provide: (service, api, data, files) => work('provide', { service, api, data }, files),
    async cloudFunction(event, files) {
      try {
        return await work('cloud', { event }, files);
      } finally {
        await reportBills('cloud');
      }
    },
    login: async () => (await ask<{ code: string }>('login', {})).code,
    useBilling: async (billing) => void (await ask('settings', { billing })),
  };
}

/** XMLHttpRequest, because fetch does not say how much has been sent. */
function send(
  { method, url, headers, body }: Exchange,
  token: string,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = 'arraybuffer';
    for (const [name, value] of Object.entries({ ...headers, [TOKEN_HEADER]: token })) {
      // Those are the browser's own to set.
      if (!/^(content-length|host|connection|referer|user-agent|origin)$/i.test(name)) {
        request.setRequestHeader(name, value);
      }
    }
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => {
      const { status, response } = request;
      resolve({
        status,
        headers: headersIn(request.getAllResponseHeaders()),
        body: new Uint8Array(response as ArrayBuffer),
      });
    };
    request.onerror = () => reject(new Error('the relay cannot be reached'));
    request.onabort = () => reject(new Error('aborted'));
    signal.addEventListener('abort', () => request.abort());
    request.send(method === 'GET' || method === 'HEAD' ? null : new Uint8Array(body));
  });
}

function headersIn(lines: string): Record<string, string> {
  const pairs = lines
    .trim()
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
  return Object.fromEntries(pairs);
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
