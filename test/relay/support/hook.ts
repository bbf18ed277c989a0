import http from 'node:http';
import { cleanUpAfterTest } from '../../support/cleanup';

/** A hook of the owner's that gives these answers, and then 200. */
export async function openHook(answers: number[]) {
  const seen: { body: string; signature: string }[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ body, signature: String(request.headers['relay-signature']) });
    response.writeHead(answers.shift() ?? 200, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUpAfterTest(() => server.closeAllConnections());
  cleanUpAfterTest(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`, seen, answers };
}
