/** What the functions say of the bill when the way to the platform breaks. */
import http from 'node:http';
import { createPlatformSend } from '../../src/functions/shared/https-market';
import { freePort, openServer } from '../support/servers';

const POST = { method: 'POST', path: '/wxa/servicemarket', query: {}, body: '{}' } as const;

test.each(['EHOSTUNREACH', 'ENETUNREACH'])(
  '%s after the request has left: it may be billed',
  async (code) => {
    const opened = jest.spyOn(http, 'request');
    const { url } = await openServer((request) => {
      request.resume().on('end', () => {
        const [{ value }] = opened.mock.results as { value: http.ClientRequest }[];
        value.destroy(Object.assign(new Error(code), { code }));
      });
    });
    const error: unknown = await createPlatformSend(url)('call', POST).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ reason: expect.stringContaining(code), billing: 'unknown' });
  },
);

test('an answer that never ends is given up in time', async () => {
  const { url } = await openServer((_request, response) => {
    const drip = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drip));
  });
  const error: unknown = await createPlatformSend(url, 200)('call', POST).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ timedOut: true, billing: 'unknown' });
});

test('no connection at all: nothing has left', async () => {
  await expect(
    createPlatformSend(`http://127.0.0.1:${await freePort()}`)('call', POST),
  ).rejects.toMatchObject({
    billing: 'none',
  });
});
