/** Servers on loopback, closed again. */
import { once } from 'node:events';
import { createServer, type RequestListener, Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { cleanUpAfterTest } from './cleanup';

/**
 * Lets a server listen on a free port of loopback until the test is over.
 *
 * @param cleanUp - `cleanUpAfterSuite` for one that a `beforeAll` opens
 * @returns the port
 */
export async function listen(server: Server, cleanUp = cleanUpAfterTest): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // Never while a client on a busy machine is about to send: it could not tell that from a lost request.
  if (server instanceof HttpServer) server.keepAliveTimeout = 0;
  cleanUp(() => {
    if (server instanceof HttpServer) server.closeAllConnections();
    // A test may have closed it already.
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** An HTTP server. @returns it, and its origin */
export async function openServer(
  listener: RequestListener,
  cleanUp = cleanUpAfterTest,
): Promise<{ server: HttpServer; url: string }> {
  const server = createServer(listener);
  return { server, url: `http://127.0.0.1:${await listen(server, cleanUp)}` };
}

/** A port of loopback where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
