import type { FastifyInstance, HTTPMethods } from 'fastify';
import { RelayError } from '../../invocation';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Answers the methods that a path does not have with 405, before anything of their body is read. */
export function refuseOtherMethods(
  app: FastifyInstance,
  url: string,
  allowed: readonly (typeof METHODS)[number][],
): void {
  // Fastify answers HEAD itself where there is GET.
  const known: readonly HTTPMethods[] = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  const list = allowed.join(', ');
  app.route({
    method: METHODS.filter((method) => !known.includes(method)),
    url,
    async onRequest(_request, reply) {
      reply.header('allow', list);
      throw new RelayError(405, `Failed to answer: this path has ${list} only.`);
    },
    handler: () => {},
  });
}
