import { request } from 'node:http';
import { connect } from 'node:net';
import { bearer, form, openRelay, refusal } from './support/open-relay';
import { until } from '../support/until';

const bytes = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * 31) % 251);

async function fetchBytes(reply: Response): Promise<{ type: string | null; bytes: Uint8Array }> {
  const { url } = (await reply.json()) as { url: string };
  const file = await fetch(url);
  return { type: file.headers.get('content-type'), bytes: new Uint8Array(await file.arrayBuffer()) };
}

describe('POST /files takes', () => {
  test('a multipart file, byte for byte, with the URL and its end', async () => {
    const relay = await openRelay({ fileTtl: 90 });
    const reply = await relay.send(form(bytes(300_000)), await relay.signIn());
    expect(reply.status).toBe(200);
    const body = await reply.clone().json();
    expect(body).toEqual({
      url: expect.stringMatching(new RegExp(`^${relay.url}/files/[\\w-]{71}$`)),
      expires_at: relay.clock.ms / 1000 + 90,
      size: 300_000,
    });
    expect(await fetchBytes(reply)).toEqual({ type: 'image/png', bytes: bytes(300_000) });
  });

  test('a binary body', async () => {
    const relay = await openRelay();
    const reply = await relay.send(bytes(70_000), await relay.signIn(), 'application/octet-stream');
    expect(await fetchBytes(reply)).toEqual({ type: 'application/octet-stream', bytes: bytes(70_000) });
  });

  test.each(['text/plain', 'text/plain; charset=utf-8'])('a %s body', async (type) => {
    const relay = await openRelay();
    const file = await fetchBytes(await relay.send('héllo 你好', await relay.signIn(), type));
    expect(file.type).toBe('text/plain; charset=utf-8');
    expect(Buffer.from(file.bytes).toString()).toBe('héllo 你好');
  });

  test.each([
    ['text', { text: 'a\u0000b 你' }, 'a\u0000b 你', 'text/plain; charset=utf-8'],
    ['an empty text', { text: '' }, '', 'text/plain; charset=utf-8'],
    ['base64', { base64: '/+8AAQ==' }, '\xff\xef\x00\x01', 'application/octet-stream'],
  ])('%s as JSON', async (_name, body, expected, type) => {
    const relay = await openRelay();
    const file = await fetchBytes(await relay.post('/files', body, await relay.signIn()));
    const encoding = 'base64' in body ? 'latin1' : 'utf8';
    expect(Buffer.from(file.bytes).toString(encoding)).toBe(expected);
    expect(file.type).toBe(type);
  });

  test('a body of unknown length', async () => {
    const relay = await openRelay();
    const stream = new Blob([bytes(100_000)]).stream();
    const reply = await relay.send(stream, await relay.signIn(), 'application/octet-stream');
    expect((await fetchBytes(reply)).bytes).toEqual(bytes(100_000));
  });

  test('a publicUrl with a path, whatever the request says of its host', async () => {
    const relay = await openRelay({ publicUrl: 'https://m.example.com/relay/' });
    const headers = {
      ...bearer(await relay.signIn()),
      'content-type': 'text/plain',
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
    };
    const body = await new Promise<string>((resolve) => {
      const sent = request(`${relay.url}/files`, { method: 'POST', headers }, (reply) => {
        reply.on('data', (chunk) => resolve(String(chunk)));
      });
      sent.end('x');
    });
    expect(JSON.parse(body).url).toMatch(/^https:\/\/m\.example\.com\/relay\/files\/[\w-]{71}$/);
  });
});

describe('POST /files refuses', () => {
  test.each([
    ['another field name', form('x', 'image/png', 'photo')],
    [
      'a second file',
      (() => {
        const body = form('x');
        body.append('file', new Blob(['y']), 'b');
        return body;
      })(),
    ],
    [
      'a text field after the file',
      (() => {
        const body = form('x');
        body.append('note', 'y');
        return body;
      })(),
    ],
    [
      'a text field before the file',
      (() => {
        const body = new FormData();
        body.append('note', 'y');
        body.append('file', new Blob(['y']), 'b');
        return body;
      })(),
    ],
    ['a prototype as field name', form('x', 'image/png', '__proto__')],
    ['no field', new FormData()],
  ])('a multipart body with %s, and keeps nothing', async (_name, body) => {
    const relay = await openRelay();
    await refusal(await relay.send(body, await relay.signIn()), 400, -1);
    expect(relay.files()).toEqual([]);
  });

  test.each([
    ['both forms', { text: 'a', base64: 'YQ==' }],
    ['neither', {}],
    ['an unknown field', { text: 'a', name: 'b' }],
    ['a number', { text: 5 }],
    ['what is no base64', { base64: 'a?==' }],
    ['base64 without its padding', { base64: 'YQ' }],
    ['a string', 'text'],
  ])('JSON with %s', async (_name, body) => {
    const relay = await openRelay();
    await refusal(await relay.post('/files', body, await relay.signIn()), 400, -1);
    expect(relay.files()).toEqual([]);
  });

  test.each(['text/html', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense'])(
    'a %s body',
    async (type) => {
      const relay = await openRelay();
      await refusal(await relay.send('x', await relay.signIn(), type), 415, -1);
    },
  );

  test('no body', async () => {
    const relay = await openRelay();
    await refusal(await relay.send(undefined, await relay.signIn()), 400, -1);
  });

  test.each([
    ['multipart', (): BodyInit => form(bytes(1001)), undefined],
    ['binary', (): BodyInit => bytes(1001), 'application/octet-stream'],
    ['of unknown length', (): BodyInit => new Blob([bytes(1001)]).stream(), 'application/octet-stream'],
    ['declared far too long', (): BodyInit => bytes(100_000), 'application/octet-stream'],
  ])('a %s file over maxFileSize, and takes one of just that size', async (_name, body, type) => {
    const relay = await openRelay({ maxFileSize: 1000 });
    const token = await relay.signIn();
    await refusal(await relay.send(body(), token, type), 413, -1);
    expect(relay.files()).toEqual([]);
    expect((await relay.send(form(bytes(1000)), token)).status).toBe(200);
    expect((await relay.send(bytes(1000), token, 'application/octet-stream')).status).toBe(200);
  });

  test('JSON over maxJsonSize', async () => {
    const relay = await openRelay({ maxJsonSize: 1024 });
    await refusal(await relay.post('/files', { text: 'x'.repeat(1024) }, await relay.signIn()), 413, -1);
  });

  test('a name that tries to leave the folder never becomes a path', async () => {
    const relay = await openRelay();
    const reply = await relay.send(
      form('x', 'image/png', 'file', '../../../etc/passwd'),
      await relay.signIn(),
    );
    expect(reply.status).toBe(200);
    expect(relay.files()).toEqual([expect.stringMatching(/^\d{10}-[0-9a-f]{64}$/)]);
  });

  test('a client that leaves in the middle: nothing is kept, and the relay goes on', async () => {
    const relay = await openRelay();
    const token = await relay.signIn();
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
    const head = [
      'POST /files HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/octet-stream',
      'Content-Length: 1000',
      '',
      '',
    ];
    socket.write(head.join('\r\n') + 'only this');
    await until(() => relay.files().length > 0);
    socket.destroy();
    await until(() => relay.files().length === 0);
    expect((await relay.send('x', token, 'text/plain')).status).toBe(200);
  });
});

describe('limits per user', () => {
  test("count files, and are the user's own", async () => {
    const relay = await openRelay({ limits: { filesPerHour: 2 } });
    const ann = await relay.signIn('ann');
    for (let i = 0; i < 2; i++) expect((await relay.send('x', ann, 'text/plain')).status).toBe(200);
    await refusal(await relay.send('x', ann, 'text/plain'), 429, -11);
    await refusal(await relay.send('x', await relay.signIn('ann'), 'text/plain'), 429, -11);
    expect((await relay.send('x', await relay.signIn('bob'), 'text/plain')).status).toBe(200);
  });

  test('an upload that is refused for its bytes does not count as a file', async () => {
    const relay = await openRelay({ maxFileSize: 1000, limits: { bytesPerHour: 10, filesPerHour: 1 } });
    const token = await relay.signIn();
    await refusal(await relay.send(bytes(11), token, 'application/octet-stream'), 429, -11);
    expect((await relay.send(bytes(10), token, 'application/octet-stream')).status).toBe(200);
  });

  test('the life of a file begins when it is whole', async () => {
    const relay = await openRelay({ fileTtl: 10 });
    const token = await relay.signIn();
    let end = (): void => {};
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes(10));
        end = () => controller.close();
      },
    });
    const sent = relay.send(stream, token, 'application/octet-stream');
    await until(() => relay.files().length > 0);
    relay.clock.ms += 20_000;
    end();
    const reply = (await (await sent).json()) as { url: string; expires_at: number };
    expect(reply.expires_at).toBe(relay.clock.ms / 1000 + 10);
    expect((await fetch(reply.url)).status).toBe(200);
  });

  test('count the bytes that were really sent', async () => {
    const relay = await openRelay({ maxFileSize: 1000, limits: { bytesPerHour: 1500 } });
    const token = await relay.signIn();
    const stream = (length: number) => new Blob([bytes(length)]).stream();
    expect((await relay.send(stream(600), token, 'application/octet-stream')).status).toBe(200);
    await refusal(await relay.send(bytes(901), token, 'application/octet-stream'), 429, -11);
    expect((await relay.send(bytes(900), token, 'application/octet-stream')).status).toBe(200);
    expect(relay.files()).toHaveLength(2);
  });
});

describe('the number of bytes that the page meant', () => {
  const sentAs = {
    'a binary body': (relay: Relay, token: string, n: string) =>
      post(relay, token, bytes(1000), { 'content-type': 'application/octet-stream', 'x-content-bytes': n }),
    text: (relay: Relay, token: string, n: string) =>
      post(relay, token, 'x'.repeat(1000), { 'content-type': 'text/plain', 'x-content-bytes': n }),
    base64: (relay: Relay, token: string, n: string) =>
      post(relay, token, JSON.stringify({ base64: Buffer.from(bytes(1000)).toString('base64') }), {
        'content-type': 'application/json',
        'x-content-bytes': n,
      }),
    'a form with the header': (relay: Relay, token: string, n: string) =>
      post(relay, token, form(bytes(1000)), { 'x-content-bytes': n }),
    'a form with the field after the file': (relay: Relay, token: string, n: string) => {
      const body = form(bytes(1000));
      body.append('bytes', n);
      return post(relay, token, body);
    },
    'a form with the field before the file': (relay: Relay, token: string, n: string) => {
      const body = new FormData();
      body.append('bytes', n);
      body.append('file', new Blob([bytes(1000)], { type: 'image/png' }), 'photo.png');
      return post(relay, token, body);
    },
  };
  type Relay = Awaited<ReturnType<typeof openRelay>>;
  const post = (
    relay: Relay,
    token: string,
    body: RequestInit['body'],
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`${relay.url}/files`, { method: 'POST', body, headers: { ...bearer(token), ...headers } });

  test.each(Object.entries(sentAs))(
    '%s: stored when it is right, else 422 and nothing is',
    async (_name, send) => {
      const relay = await openRelay();
      const token = await relay.signIn();
      const good = await send(relay, token, '1000');
      expect(await good.json()).toMatchObject({ size: 1000 });
      const files = relay.files();
      expect(files).toHaveLength(1);
      for (const wrong of ['999', '1001', '0']) {
        const text = await refusal(await send(relay, token, wrong), 422, -1);
        expect(text).toContain(`1000 bytes came, ${wrong} were meant`);
      }
      for (const none of ['-1', '1e3', 'x', '']) await refusal(await send(relay, token, none), 400, -1);
      expect(relay.files()).toEqual(files);
    },
  );

  test('may be said from web origins that are let in', async () => {
    const origin = 'https://m.example.com';
    const { url } = await openRelay({ allowedOrigins: [origin] });
    const headers = { origin, 'access-control-request-method': 'POST' };
    const reply = await fetch(`${url}/files`, { method: 'OPTIONS', headers });
    expect(reply.headers.get('access-control-allow-headers')).toContain('x-content-bytes');
  });
});
