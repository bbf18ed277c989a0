/** What the functions say of the bill when the way to the platform breaks. */
import http, { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error -- plain JavaScript: it is uploaded as it is
import { createSend } from '../../src/relay/templates/cloud-function/https';

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
      const send = createSend(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const error: unknown = await send('/wxa/servicemarket', { a: 1 }).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code });
      expect(error).not.toHaveProperty('neverLeft');
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
  const send = createSend(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const error: unknown = await send('/x', {}, 200).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toHaveProperty('neverLeft');
  await new Promise((resolve) => server.close(resolve));
});

test('no connection at all: nothing has left', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(createSend(`http://127.0.0.1:${port}`)('/x', {})).rejects.toMatchObject({ neverLeft: true });
});
