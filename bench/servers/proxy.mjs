import proxy from '@fastify/http-proxy';
import Fastify from 'fastify';

/** The least that could stand in the relay's place: it passes each request on. */
process.once('message', async ({ upstream }) => {
  const app = Fastify();
  await app.register(proxy, { upstream });
  process.send({ url: await app.listen({ port: 0, host: '127.0.0.1' }) });
});
