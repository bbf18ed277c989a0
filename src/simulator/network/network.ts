import { NativeFailure } from '../client/natives';
import type { Clock } from '../clock/types';
import { bytesOfText, utf8 } from '../text';
import { CDN_ORIGIN } from './cdn';
import type { CdnStore } from './cdn';
import type { HttpExchange, HttpHandler, HttpRequest, HttpResult } from './types';

/** Carries one exchange out over a real connection. */
export type RealHttp = (exchange: HttpExchange) => Promise<HttpResult>;

/** Steps in which a simulated upload reports its progress. */
const PROGRESS_STEPS = 4;

const UNREACHABLE = 'net::ERR_CONNECTION_REFUSED';

/** What a host's requests reach: in-process servers by origin, the CDN, or (real clock) real servers. */
export class Network {
  /** The phone has no network; servers go on reaching each other. */
  isOffline = false;

  constructor(
    private readonly clock: Clock,
    private readonly cdn: CdnStore,
    private readonly handlers: Record<string, HttpHandler>,
    /** Bytes per second, Infinity for no time at all; may change at any time. */
    public bandwidth: number,
    private readonly realHttp?: RealHttp,
  ) {}

  /** @throws NativeFailure when nothing answers */
  async exchange(exchange: HttpExchange): Promise<HttpResult> {
    const { origin } = new URL(exchange.url);
    const handler = origin === CDN_ORIGIN ? this.serveCdn : this.handlers[origin];
    if (handler) return this.inProcess(handler, exchange);
    const { realHttp } = this;
    if (!realHttp) throw new NativeFailure(UNREACHABLE);
    // A real server is reached at once: where the network is to be slow, the bytes take their time before it.
    const isPaced = Number.isFinite(this.bandwidth);
    if (isPaced) await this.sendSlowly(exchange);
    try {
      return await this.clock.hold(() => realHttp(isPaced ? { ...exchange, onSent: undefined } : exchange));
    } catch {
      throw new NativeFailure(UNREACHABLE);
    }
  }

  /** The bytes behind a URL, for providers. */
  async fetchBytes(url: string): Promise<Uint8Array> {
    const signal = new AbortController().signal;
    const result = await this.exchange({ method: 'GET', url, headers: {}, body: new Uint8Array(0), signal });
    if (result.status !== 200) throw new Error(`Failed to fetch ${url}: status ${result.status}.`);
    return result.body;
  }

  /** Waits as long as so many bytes take on the simulated network. @param onSent - is called with the bytes so far */
  async takeTimeFor(bytes: number, onSent?: (sent: number) => void, signal?: AbortSignal): Promise<void> {
    for (let step = 1; step <= PROGRESS_STEPS && !signal?.aborted; step++) {
      const ms = (bytes / PROGRESS_STEPS / this.bandwidth) * 1000;
      if (ms > 0) await this.clock.sleep(ms, 'transfer');
      onSent?.(Math.ceil((bytes * step) / PROGRESS_STEPS));
    }
  }

  /** @throws NativeFailure when it is aborted on its way */
  private async sendSlowly({ body, onSent, signal }: HttpExchange): Promise<void> {
    await this.takeTimeFor(body.length, onSent, signal);
    // A server that got half a body has nothing to work on.
    if (signal.aborted) throw new NativeFailure('abort');
  }

  private async inProcess(handler: HttpHandler, exchange: HttpExchange): Promise<HttpResult> {
    await this.sendSlowly(exchange);
    const { now } = this.clock;
    let response;
    try {
      response = await this.clock.hold(async (sleep) => handler(requestOf(exchange), { now, sleep }));
    } catch {
      throw new NativeFailure('net::ERR_CONNECTION_RESET');
    }
    const { status = 200, headers = {}, body = '' } = response;
    if (typeof body === 'string') return { status, headers, body: bytesOfText(body) };
    if (ArrayBuffer.isView(body)) return { status, headers, body: body as Uint8Array };
    const json = { 'content-type': 'application/json', ...headers };
    return { status, headers: json, body: bytesOfText(JSON.stringify(body)) };
  }

  private readonly serveCdn: HttpHandler = ({ url }) => {
    const bytes = this.cdn.read(url);
    return bytes ? { body: bytes } : { status: 404 };
  };
}

function requestOf({ method, url, headers, body, form, signal }: HttpExchange): HttpRequest {
  const { pathname, searchParams } = new URL(url);
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const text = (): string => utf8(body);
  return {
    method,
    url,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(lower) as Record<string, string>,
    body,
    text,
    json: () => JSON.parse(text()) as unknown,
    form,
    signal,
  };
}
