/** What the functions say of the bill when the way to the platform breaks. */
import http, { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPlatformSend } from '../../src/functions/shared/https-market';

const POST = { method: 'POST', path: '/wxa/servicemarket', query: {}, body: '{}' } as const;

afterEach(() => jest.restoreAllMocks());

test.each(['EHOSTUNREACH', 'ENETUNREACH'])(
  '%s after the request has left: it may be billed',
  async (code) => {
    const opened = jest.spyOn(http, 'request');
    const server = createServer((request) => {
      request.resume().on('end', () => {
        const [{ value }] = opened.mock.results as { value: http.ClientRequest }[];
        value.destroy(Object.assign(new Error(code), { code }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const send = createPlatformSend(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const error: unknown = await send('call', POST).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ reason: expect.stringContaining(code), billing: 'unknown' });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  },
);

test('an answer that never ends is given up in time', async () => {
  const server = createServer((_request, response) => {
    const drip = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const send = createPlatformSend(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 200);
  const error: unknown = await send('call', POST).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ timedOut: true, billing: 'unknown' });
  await new Promise((resolve) => server.close(resolve));
});

test('no connection at all: nothing has left', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(createPlatformSend(`http://127.0.0.1:${port}`)('call', POST)).rejects.toMatchObject({
    billing: 'none',
  });
});
