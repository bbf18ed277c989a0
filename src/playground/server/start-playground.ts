import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerApi } from './api';
import { RequestError } from './body';
import { refusalOf } from './guard';
import { openPageFiles } from './page-files';
import { forwardToRelay } from './relay-proxy';
import { startServices } from './services';

const RELAY_PATH = '/relay';
const API_PATH = '/api/';

export interface Playground {
  /** Where the page is. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the playground's page on 127.0.0.1, with the real services behind it: one server, in front of the relay.
 *
 * @param port - 0 chooses a free one
 * @param folder - of the built page
 * @throws the system's error where it cannot listen; Error where a package that it needs is not installed
 */
export async function startPlayground({
  port,
  folder,
}: {
  port: number;
  folder: string;
}): Promise<Playground> {
  const token = randomBytes(24).toString('base64url');
  const files = openPageFiles(folder, token);
  const services = await startServices();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const file = files.get(pathname);
    const { port: own } = server.address() as AddressInfo;
    const refusal = refusalOf(request, { port: own, token, file });
    if (refusal) {
      const { status, reason, allow } = refusal;
      response.writeHead(status, allow ? { allow } : {}).end(reason);
    } else if (file) {
      response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
    } else if (pathname.startsWith(`${RELAY_PATH}/`)) {
      forwardToRelay(services.relayUrl, pathname.slice(RELAY_PATH.length) + search, request, response);
    } else if (pathname.startsWith(API_PATH)) {
      const value = await answerApi(services, pathname.slice(API_PATH.length), request);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    } else {
      response.writeHead(404).end();
    }
  };
  const server = http.createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const known = error instanceof RequestError;
      response.writeHead(known ? error.status : 500).end(known ? error.message : undefined);
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    await services.close();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await services.close();
    },
  };
}
