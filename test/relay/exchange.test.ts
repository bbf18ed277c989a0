import { type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { createExchange, ExchangeError } from '../../src/openapi/exchange';
import { cleanUpAfterTest } from '../support/cleanup';
import { listen, openServer } from '../support/servers';

const HOUR = 3_600_000;

/** @returns the address, how many connections there were, and what ends those that are open */
async function serve(answer: RequestListener) {
  const { server, url } = await openServer(answer);
  let connections = 0;
  server.on('connection', () => connections++);
  return { url, connections: () => connections, server };
}

const post = (url: string, timeout = HOUR) =>
  createExchange(url, timeout)('POST', '/p?q=1', 'text/plain', 'é');

async function failure(answer: Promise<unknown>): Promise<ExchangeError> {
  const error: unknown = await answer.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ExchangeError);
  return error as ExchangeError;
}

test('the request arrives below the path of the base URL, with its length and type', async () => {
  const { url } = await serve(async (request, response) => {
    const body = (await request.toArray()).join('');
    const { 'content-type': type, 'content-length': length } = request.headers;
    response.end(JSON.stringify([request.method, request.url, type, length, body]));
  });
  const { bytes } = await post(`${url}/base`);
  expect(JSON.parse(bytes.toString())).toEqual(['POST', '/base/p?q=1', 'text/plain', '2', 'é']);
});

test('a request without a body has no type', async () => {
  const { url } = await serve(({ headers }, response) => {
    response.end(JSON.stringify(headers));
  });
  const { bytes } = await createExchange(url, HOUR)('GET', '/p', 'text/plain', undefined);
  expect(JSON.parse(bytes.toString())).not.toHaveProperty('content-type');
});

test('requests one after the other share a connection; one that was closed meanwhile is replaced', async () => {
  const { url, connections, server } = await serve((request, response) => {
    request.resume().on('end', () => response.end('answer'));
  });
  const exchange = createExchange(url, HOUR);
  const send = () => exchange('POST', '/p', 'text/plain', 'body');
  await send();
  await send();
  expect(connections()).toBe(1);
  server.closeAllConnections();
  expect((await send()).status).toBe(200);
  expect(connections()).toBe(2);
});

test('a redirect is an answer, and not followed', async () => {
  const paths: unknown[] = [];
  const { url } = await serve(({ url: path }, response) => {
    paths.push(path);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect((await post(url)).status).toBe(307);
  expect(paths).toEqual(['/p?q=1']);
});

describe('no whole answer', () => {
  test('the connection breaks within the answer', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    });
    expect(await failure(post(url))).toMatchObject({ code: 'ECONNRESET', hasLeft: true, timedOut: false });
  });

  test('the answer stops half way', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
    });
    expect(await failure(post(url, 100))).toMatchObject({ hasLeft: true, timedOut: true });
  });

  test('an answer that does not end is given up by its size', async () => {
    const { url } = await serve((_request, response) => {
      const piece = Buffer.alloc(1024 * 1024);
      const pump = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', pump);
      pump();
    });
    expect(await failure(post(url))).toMatchObject({ code: 'the answer is too large', hasLeft: true });
  });

  test('the server cannot be reached', async () => {
    const { url, server } = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(post(url))).toMatchObject({ code: 'ECONNREFUSED', hasLeft: false, timedOut: false });
  });

  test('a connection that never becomes secure is given up, and nothing has left', async () => {
    const server = createTcpServer((socket) => {
      cleanUpAfterTest(() => socket.destroy());
      jest.advanceTimersByTime(10_000);
    });
    const port = await listen(server);
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const error = await failure(post(`https://127.0.0.1:${port}`));
    expect(error).toMatchObject({ code: 'ETIMEDOUT', hasLeft: false, timedOut: false });
  });
});

test.each(['', 'host', 'ftp://host', 'http://user:pass@host', 'https://host/?a=1', 'https://host/#a'])(
  'no base URL: %j',
  (baseUrl) => {
    expect(() => createExchange(baseUrl, HOUR)).toThrow(TypeError);
  },
);
