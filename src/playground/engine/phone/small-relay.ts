import type { RelayReply } from '../../../protocol';
import type { MarketServer } from '../../../simulator/market/market';
import { INVOKE_API, RETRIEVE_API } from '../../../simulator/market/types';
import type { HttpHandler, HttpRequest, HttpResponse } from '../../../simulator/network/types';
import { bytesOfBase64, bytesOfText, randomWord } from '../../../simulator/text';
import type { Any } from '../../../simulator/types';

/** Where the relay in the frame is. */
export const SMALL_RELAY = 'https://relay.playground';

const SESSION_S = 7200;

/**
 * A relay, and the cloud function, of a page that has no server: of the rules of the real ones it has the list of what
 * may be called, and that an id is sent to the market at most once.
 */
export class SmallRelay {
  private readonly tokens = new Set<string>();
  private readonly files: Uint8Array[] = [];
  private readonly outcomes = new Map<string, Promise<RelayReply>>();

  constructor(
    private readonly market: () => MarketServer,
    private readonly appid: () => string,
    private readonly services: readonly string[],
  ) {}

  /** The bytes behind a URL of `/files`. */
  read(url: string): Uint8Array | undefined {
    return url.startsWith(`${SMALL_RELAY}/files/`) ? this.files[Number(url.split('/').pop())] : undefined;
  }

  /** The relay's HTTP. */
  readonly serve: HttpHandler = async (request) => {
    if (request.method === 'GET') {
      const body = this.read(request.url);
      return body ? { body } : { status: 404 };
    }
    if (request.path === '/session') return { body: { token: this.newToken(), expires_in: SESSION_S } };
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!this.tokens.has(token)) return refusal(401, 40001, 'Failed to accept the session: it has ended.');
    if (request.path === '/files') return this.store(request);
    if (request.path === '/invoke') return replyOf(await this.invoke(request.json(), 'https'));
    if (request.path === '/retrieve') return { body: await this.retrieve(request.json(), 'https') };
    return refusal(404, -1, 'Failed to find the path.');
  };

  /** The cloud function. */
  readonly run = (event: Any): Promise<RelayReply> =>
    event.action === 'retrieve' ? this.retrieve(event, 'cloud') : this.invoke(event, 'cloud');

  private invoke(request: Any, channel: 'https' | 'cloud'): Promise<RelayReply> {
    const id = String(request.client_msg_id);
    const earlier = this.outcomes.get(id);
    if (earlier) return earlier;
    const { service, api } = request as { service: string; api: string };
    if (!this.services.includes(`${service}/${api}`)) {
      const errmsg = `Failed to accept the call: ${service}/${api} is not listed. Add it to services.`;
      return Promise.resolve({ errcode: -7, errmsg, billing: 'none' });
    }
    const outcome = this.ask(channel, INVOKE_API, {
      service_id: service,
      api_name: api,
      data: request.data as unknown,
      client_msg_id: id,
      version: 1,
      req_type: request.async ? 2 : undefined,
    });
    this.outcomes.set(id, outcome);
    return outcome;
  }

  private retrieve({ request_id: id }: Any, channel: 'https' | 'cloud'): Promise<RelayReply> {
    return this.ask(channel, RETRIEVE_API, { request_id: id as unknown });
  }

  private async ask(channel: 'https' | 'cloud', api: string, request: object): Promise<RelayReply> {
    const body = await this.market().handle({ channel, appid: this.appid() }, api, request);
    return JSON.parse(body) as RelayReply;
  }

  private newToken(): string {
    const token = randomWord();
    this.tokens.add(token);
    return token;
  }

  private store(request: HttpRequest): HttpResponse {
    const bytes = contentOf(request);
    const url = `${SMALL_RELAY}/files/${this.files.push(bytes) - 1}`;
    return { body: { url, expires_at: Math.floor(Date.now() / 1000) + SESSION_S, size: bytes.length } };
  }
}

const refusal = (status: number, errcode: number, errmsg: string): HttpResponse => ({
  status,
  body: { errcode, errmsg, billing: 'none' },
});

/** A relay answers with an error status where it has refused the call itself. */
const replyOf = (reply: RelayReply): HttpResponse => ({
  status: reply.billing === 'none' ? 403 : 200,
  body: reply,
});

function contentOf({ form, headers, body, json }: HttpRequest): Uint8Array {
  if (form) return form.file.bytes;
  if (!headers['content-type']?.startsWith('application/json')) return body;
  const { base64, text } = json() as { base64?: string; text?: string };
  return text === undefined ? bytesOfBase64(base64 ?? '') : bytesOfText(text);
}
