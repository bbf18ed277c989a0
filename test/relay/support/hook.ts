import { openServer } from '../../support/servers';

/** A hook of the owner's that gives these answers, and then 200. */
export async function openHook(answers: number[]) {
  const seen: { body: string; signature: string }[] = [];
  const { url } = await openServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ body, signature: String(request.headers['relay-signature']) });
    response.writeHead(answers.shift() ?? 200, { location: '/elsewhere' }).end();
  });
  return { url: `${url}/hook`, seen, answers };
}
