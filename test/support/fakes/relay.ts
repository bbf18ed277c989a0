/** A relay in one object, in the process of the test: sessions, files in and out, calls (design.md, "Relay HTTP"). */
import type { HandlerContext, HttpHandler, HttpRequest, HttpResponse } from '../../../src/simulator';
import type { Any } from '../outcomes';

export const RELAY = 'https://relay.test';

export interface ReceivedFile {
  /** How it came. */
  as: 'multipart' | 'text' | 'bytes' | 'json';
  content: string;
  token: string;
  url: string;
}

export class FakeRelay {
  /** The credentials of the sessions that were asked for. */
  readonly credentials: Any[] = [];
  readonly files: ReceivedFile[] = [];
  /** Every call, also repeats; and what was billed for, by id. */
  readonly calls: Any[] = [];
  readonly outcomes = new Map<string, Any>();
  /** ms that an answer to `/session`, `/files` and `/invoke` takes. */
  sessionTakes = 0;
  fileTakes = 0;
  callTakes = 0;
  expiresIn = 7200;
  /** A relay of before says nothing of the bytes that it stores. */
  saysSize = true;
  /** Tokens that are good. */
  readonly tokens = new Set<string>();
  /** Answers in place of the relay, where it gives something. */
  instead?: (request: HttpRequest) => HttpResponse | undefined;
  /** Requests to `/files` that are running now, and the most at once. */
  inFlight = 0;
  most = 0;

  /** What answers a path in place of the relay's own way, for whoever has a session. */
  readonly routes: Record<string, (body: unknown) => Promise<HttpResponse>> = {};

  readonly network: Record<string, HttpHandler> = {
    [RELAY]: (request, context) => this.instead?.(request) ?? this.answer(request, context),
  };

  private async answer(request: HttpRequest, context: HandlerContext): Promise<HttpResponse> {
    if (request.method === 'GET') return this.serve(request);
    if (request.path === '/session') return this.session(request, context);
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!this.tokens.has(token)) return refusal(401, 'the session has ended');
    const route = this.routes[request.path];
    if (route) return route(request.json());
    if (request.path === '/invoke') return this.invoke(request.json(), context);
    if (request.path === '/retrieve') return this.retrieve(request.json());
    if (request.path !== '/files') return refusal(404, 'no such path');
    this.most = Math.max(this.most, ++this.inFlight);
    await context.sleep(this.fileTakes);
    this.inFlight--;
    if (request.signal.aborted) return refusal(400, 'aborted');
    return this.store(request, token);
  }

  private async session(request: HttpRequest, { sleep }: HandlerContext): Promise<HttpResponse> {
    this.credentials.push((request.json() as Any).credential);
    await sleep(this.sessionTakes);
    const token = `token-${this.credentials.length}`;
    this.tokens.add(token);
    return { body: { token, expires_in: this.expiresIn } };
  }

  /** A repeat of an id gets the outcome of the first, as the relay's journal gives it. */
  private async invoke(call: Any, { sleep }: HandlerContext): Promise<HttpResponse> {
    this.calls.push(call);
    const { service, api, data, client_msg_id: id, async } = call;
    const envelope = { errcode: 0, errmsg: 'ok', request_id: `req-${this.outcomes.size}` };
    const outcome = this.outcomes.get(id) ?? { ...envelope, ...(async ? {} : { data: data ?? 'null' }) };
    this.outcomes.set(id, { ...outcome, service, api, task: data });
    await sleep(this.callTakes);
    return { body: outcome };
  }

  private retrieve({ request_id: id }: Any): HttpResponse {
    const task = [...this.outcomes.values()].find(({ request_id }) => request_id === id);
    if (!task) return refusal(404, 'unknown request id');
    return { body: { errcode: 0, errmsg: 'ok', status: 0, data: task.task, request_id: 'req-question' } };
  }

  private store(request: HttpRequest, token: string): HttpResponse {
    const url = `${RELAY}/files/${this.files.length}`;
    const { bytes, ...received } = contentOf(request);
    const size = bytes.length;
    const meant = request.headers['x-content-bytes'];
    if (this.saysSize && meant !== undefined && Number(meant) !== size)
      return refusal(422, `${size} bytes came`);
    this.files.push({ ...received, content: bytes.toString(), token, url });
    return { body: { url, expires_at: 0, ...(this.saysSize ? { size } : {}) } };
  }

  private serve({ path }: HttpRequest): HttpResponse {
    const file = this.files[Number(path.split('/').pop())];
    return file ? { body: file.content } : { status: 404 };
  }
}

function refusal(status: number, errmsg: string, errcode = status === 401 ? 40001 : -1): HttpResponse {
  return { status, body: { errcode, errmsg, request_id: `req-${status}` } };
}

function contentOf({ form, headers, body, json }: HttpRequest): { as: ReceivedFile['as']; bytes: Buffer } {
  if (form) return { as: 'multipart', bytes: Buffer.from(form.file.bytes) };
  const type = headers['content-type'] ?? '';
  if (type.startsWith('text/plain')) return { as: 'text', bytes: Buffer.from(body) };
  if (type === 'application/octet-stream') return { as: 'bytes', bytes: Buffer.from(body) };
  const { base64, text } = json() as { base64?: string; text?: string };
  return { as: 'json', bytes: text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text) };
}
