import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRelay, type ManyAppsOptions, type RelayOptions } from '../../../src/relay';
import { cleanUpAfterTest } from '../../support/cleanup';
import { temporaryFolder } from '../../support/files';

/** A relay on loopback of one app or of many, its folder and its log. */
export async function serveRelay(options: RelayOptions | ManyAppsOptions) {
  const folder = options.folder ?? temporaryFolder();
  const log: string[] = [];
  const app = await createRelay({
    folder,
    logger: { level: 'info', stream: { write: (line) => log.push(line) } },
    ...options,
  });
  cleanUpAfterTest(() => app.close());
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const post = (path: string, body: unknown, token?: string, headers: object = {}): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...bearer(token), ...headers },
    });
  return { app, folder, url, log, post };
}

/** A relay on loopback whose users sign in with their name, its clock, its folder and its log. */
export async function openRelay(options: Partial<RelayOptions> = {}) {
  const clock = { ms: 1_700_000_000_000 };
  const relay = await serveRelay({
    authenticate: ({ type, value }) => (type === 'name' ? value : undefined),
    now: () => clock.ms,
    ...options,
  });
  const { folder, url, post } = relay;
  return {
    ...relay,
    clock,
    files: () => readdirSync(join(folder, 'files')),
    async signIn(name = 'ann'): Promise<string> {
      const reply = await post('/session', { credential: { type: 'name', value: name } });
      return ((await reply.json()) as { token: string }).token;
    },
    send: (body: RequestInit['body'], token?: string, type?: string): Promise<Response> =>
      fetch(`${url}/files`, {
        method: 'POST',
        body,
        headers: { ...bearer(token), ...(type && { 'content-type': type }) },
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      } as RequestInit),
  };
}

export function form(
  bytes: Uint8Array<ArrayBuffer> | string,
  type = 'image/png',
  field = 'file',
  name = 'photo.png',
): FormData {
  const body = new FormData();
  body.append(field, new Blob([bytes], { type }), name);
  return body;
}

/** Checks that an answer is a refusal in the relay's shape and returns its text. */
export async function refusal(
  reply: Response,
  status: number,
  errcode: number,
  billing: 'none' | 'unknown' = 'none',
): Promise<string> {
  expect(reply.status).toBe(status);
  const body = (await reply.json()) as { errmsg: string };
  expect(body).toEqual({
    errcode,
    errmsg: expect.stringMatching(/^Failed to /),
    billing,
    request_id: expect.any(String),
  });
  return body.errmsg;
}

export function bearer(token?: string): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
