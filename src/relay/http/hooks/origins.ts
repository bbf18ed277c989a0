import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Apps } from '../../apps/apps';
import type { RelayApp } from '../../apps/relay-app';
import type { ServerParts } from '../../load-server';

/** Lets pages of the apps' origins read answers: of all apps, because before a session nobody knows whose request it is. */
export async function allowOrigins(
  server: FastifyInstance,
  { cors }: Pick<ServerParts, 'cors'>,
  { all }: Apps,
): Promise<void> {
  await server.register(cors, {
    origin: all.flatMap(({ settings }) => settings.allowedOrigins),
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'x-content-bytes'],
    maxAge: 600,
    // Its own refusal of an incomplete preflight would be text.
    strictPreflight: false,
  });
}

/** As soon as the app is known: a page of another app's origin must not read the answer. */
export function keepOrigin(
  { settings }: Pick<RelayApp, 'settings'>,
  { headers: { origin } }: FastifyRequest,
  reply: FastifyReply,
): void {
  if (origin === undefined || settings.allowedOrigins.includes(origin)) return;
  reply.removeHeader('access-control-allow-origin');
}
