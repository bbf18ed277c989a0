import { type IncomingMessage, type ServerResponse } from 'node:http';
import { openServer } from '../../support/servers';

export interface Seen {
  path: string;
  query: Record<string, string>;
  body: Buffer;
  json: Record<string, unknown>;
}
type Reply = object | Buffer | 'hang' | 'reset';

/** A small fake of the platform's server: tokens, login codes, and a service market that keeps bills. */
export async function openUpstream(billing: 'perId' | 'perMessage' = 'perMessage') {
  const seen: Seen[] = [];
  const bills: string[] = [];
  const billed = new Set<string>();
  const usedCodes = new Set<string>();
  const state = { token: 0, life: 7200 };
  /** Answers of single paths, in place of the usual ones. */
  const replies = new Map<
    string,
    (request: Seen, count: number) => Reply | undefined | Promise<Reply | undefined>
  >();
  const count = (path: string): number => seen.filter((request) => request.path === path).length;

  const usual: Record<string, (request: Seen) => Reply> = {
    '/cgi-bin/stable_token': ({ json }) => {
      if (json.secret !== 'app-secret') return { errcode: 40125, errmsg: 'invalid appsecret' };
      if (state.token === 0 || json.force_refresh) state.token++;
      return { access_token: `token-${state.token}`, expires_in: state.life };
    },
    '/cgi-bin/token': ({ query }) => {
      const good = query.secret === 'app-secret' || query.secret === 'h5-secret';
      if (!good) return { errcode: 40125, errmsg: 'invalid appsecret' };
      return {
        access_token: query.secret === 'h5-secret' ? 'h5-token' : `token-${++state.token}`,
        expires_in: state.life,
      };
    },
    '/sns/jscode2session': ({ query }) => {
      if (!query.js_code.startsWith('good-')) return { errcode: 40029, errmsg: 'invalid code' };
      if (usedCodes.has(query.js_code)) return { errcode: 40163, errmsg: 'code been used' };
      usedCodes.add(query.js_code);
      return { openid: `openid-${query.js_code}`, session_key: 'SESSION-KEY' };
    },
    '/wxa/servicemarket': ({ json }) => {
      const id = String(json.client_msg_id);
      if (billing === 'perMessage' || !billed.has(id)) bills.push(id);
      billed.add(id);
      const data = JSON.stringify({ got: json.data ?? null, n: bills.length });
      return { errcode: 0, errmsg: 'ok', data, ...(json.async ? { request_id: `R-${id}` } : {}) };
    },
    '/wxa/servicemarketretrieve': ({ json }) => ({
      errcode: 0,
      errmsg: 'ok',
      data: JSON.stringify({ of: json.request_id }),
      status: 0,
      request_id: 'this-request',
    }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url as string, 'http://x');
    const body = Buffer.concat(chunks);
    const one: Seen = { path: url.pathname, query: Object.fromEntries(url.searchParams), body, json: {} };
    if (request.headers['content-type']?.startsWith('application/json'))
      one.json = JSON.parse(body.toString());
    // The relay makes an id that of its user alone; the tests speak of the page's.
    const { client_msg_id: id } = one.json;
    if (id !== undefined) one.json.client_msg_id = String(id).replace(/_[0-9a-f]{16}$/, '');
    seen.push(one);
    const special = await replies.get(one.path)?.(one, count(one.path));
    const open = usual[one.path] && !one.path.startsWith('/wxa/');
    const tokenIsGood =
      open || one.query.access_token === `token-${state.token}` || one.query.access_token === 'h5-token';
    const reply =
      special ??
      (tokenIsGood
        ? (usual[one.path]?.(one) ?? { errcode: 0, errmsg: 'ok' })
        : { errcode: 40001, errmsg: 'invalid credential' });
    if (reply === 'hang') return;
    if (reply === 'reset') return void request.socket.destroy();
    response.setHeader('content-type', Buffer.isBuffer(reply) ? 'image/jpeg' : 'application/json');
    response.end(Buffer.isBuffer(reply) ? reply : JSON.stringify(reply));
  }

  /** Gives no answer to a path from now on. @returns a promise of the first request that gets none */
  const hang = (path: string): Promise<void> =>
    new Promise((resolve) => {
      replies.set(path, () => {
        resolve();
        return 'hang';
      });
    });

  const { server, url } = await openServer((request, response) => void answer(request, response));
  return { url, seen, bills, state, replies, hang, count, server };
}
