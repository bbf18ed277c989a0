import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultList } from '../client/faults';
import { parsedOr } from '../text';
import type { Any } from '../types';
import { demand } from './route';
import type { Binary, Platform, Route, RouteCall } from './route';
import { ROUTES } from './routes';
import { openRequest, type SecuredCall } from './security';
import { PlatformError } from './types';
import type { PlatformEffect, PlatformFault, PlatformRequest } from './types';

const SYSTEM_BUSY = -1;
const ORIGIN = 'http://platform';

/** Answers one HTTP request, with whatever faults are set for its path. */
export async function answerRequest(
  platform: Platform,
  faults: FaultList<PlatformFault>,
  requests: PlatformRequest[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const bytes = await bodyOf(incoming);
  if (!bytes) return;
  const { pathname, searchParams } = urlOf(incoming);
  const text = bytes.toString('utf8');
  const record: PlatformRequest = {
    at: Date.now(),
    method: incoming.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    body: text === '' ? undefined : parsedOr(text, text),
  };
  requests.push(record);
  const effects = faults.take(({ path }) => path === pathname).map(({ effect }) => effect);
  const call = callOf(record, bytes, incoming);
  const secured = (appid: string): SecuredCall | undefined =>
    openSecured(platform, appid, incoming, pathname, text);
  for (const effect of effects) {
    if ('delay' in effect) await new Promise((resolve) => setTimeout(resolve, effect.delay));
  }
  if (!isLate(effects) && breakOff(effects, record, outgoing)) return;
  const { reply, seal } = await outcomeOf(platform, requests, record, call, secured);
  if (breakOff(effects, record, outgoing)) return;
  write(record, outgoing, reply, seal);
}

/** @returns the parameters of an encrypted call; undefined where the path accepts plain ones of this app */
function openSecured(
  { options: { security, appid: ownAppid } }: Platform,
  appid: string,
  incoming: IncomingMessage,
  path: string,
  text: string,
): SecuredCall | undefined {
  if (!security || appid !== (security.appid ?? ownAppid)) return undefined;
  if (!(security.paths ?? ['/wxa/servicemarket']).includes(path)) return undefined;
  return openRequest(security, appid, `http://${incoming.headers.host}${path}`, incoming.headers, text);
}

/** A target that is no URL is an unknown path like any other. */
function urlOf({ url = '/' }: IncomingMessage): URL {
  return new URL(URL.canParse(url, ORIGIN) ? url : '/', ORIGIN);
}

/** undefined when the client went away in the middle. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

function callOf(record: PlatformRequest, bytes: Buffer, incoming: IncomingMessage): RouteCall {
  return {
    query: record.query,
    appid: '',
    json() {
      const { body } = record;
      demand(body !== null && typeof body === 'object', 47001, 'data format error');
      return body as Any;
    },
    async file(name) {
      const headers = { 'content-type': incoming.headers['content-type'] ?? '' };
      const form = await new Response(new Uint8Array(bytes), { headers }).formData().catch(() => undefined);
      const part = form?.get(name);
      return part instanceof Blob ? part : undefined;
    },
  };
}

async function outcomeOf(
  platform: Platform,
  requests: PlatformRequest[],
  record: PlatformRequest,
  call: RouteCall,
  open: (appid: string) => SecuredCall | undefined,
): Promise<{ reply: object; seal?: SecuredCall['seal'] }> {
  let seal: SecuredCall['seal'] | undefined;
  try {
    const route = ROUTES[record.path];
    demand(route, 40066, 'invalid url');
    const { method, answer } = route as Route;
    demand(method === record.method, method === 'GET' ? 43001 : 43002, `require ${method} method`);
    const { quota } = platform.options;
    const used = requests.filter(({ path }) => path === record.path).length;
    demand(quota === undefined || used <= quota, 45009, 'reach max api daily quota limit');
    const appid = appidOf(platform, route as Route, call);
    const secured = open(appid);
    const json = secured ? () => secured.parameters : call.json;
    // From here on also an error is sealed; what refuses the call before is told in plain.
    seal = secured?.seal;
    return { reply: await answer(platform, { ...call, json, appid }), seal };
  } catch (error) {
    if (error instanceof PlatformError)
      return { reply: { errcode: error.errcode, errmsg: error.errmsg }, seal };
    return { reply: { errcode: SYSTEM_BUSY, errmsg: `system error: ${String(error)}` }, seal };
  }
}

function appidOf(platform: Platform, { token = 'mini' }: Route, { query }: RouteCall): string {
  if (token === 'none') return '';
  const { tokens, options, component } = platform;
  const appid = tokens.check(query.access_token);
  const direct = token === 'mini' ? [options, ...(options.apps ?? [])] : [options.official];
  const isDirect = direct.some((account) => account?.appid === appid);
  if (!isDirect && component && tokens.isAuthorizers(query.access_token)) {
    component.demandAuthorized(appid);
    return appid;
  }
  demand(isDirect, 40001, 'invalid credential, access_token belongs to another account');
  return appid;
}

/** Whether a fault comes only once the request has been carried out. */
function isLate(effects: PlatformEffect[]): boolean {
  return effects.some(
    (effect) => ('after' in effect && effect.after) || ('lose' in effect && effect.lose === 'reply'),
  );
}

/** Gives a fault's answer, or none; false when no fault changes the answer. */
function breakOff(effects: PlatformEffect[], record: PlatformRequest, outgoing: ServerResponse): boolean {
  const effect = effects.find((candidate) => !('delay' in candidate));
  if (!effect) return false;
  if ('cut' in effect) outgoing.destroy();
  else if ('status' in effect) {
    record.status = effect.status;
    outgoing.writeHead(effect.status, { 'content-type': 'text/plain' }).end(effect.body);
  } else if ('errcode' in effect) {
    write(record, outgoing, { errcode: effect.errcode, errmsg: effect.errmsg });
  }
  return true;
}

function write(
  record: PlatformRequest,
  outgoing: ServerResponse,
  reply: object,
  seal?: SecuredCall['seal'],
): void {
  record.status = 200;
  if ('bytes' in reply) {
    const { type, bytes } = reply as Binary;
    outgoing.writeHead(200, { 'content-type': type }).end(bytes);
    return;
  }
  record.errcode = (reply as { errcode?: number }).errcode;
  const { body, headers } = seal?.(reply) ?? { body: JSON.stringify(reply), headers: {} };
  outgoing.writeHead(200, { 'content-type': 'application/json; encoding=utf-8', ...headers }).end(body);
}
