import type cors from '@fastify/cors';
import type multipart from '@fastify/multipart';
import type Fastify from 'fastify';
import type { LogController } from 'fastify';
import { loadPeer } from './load-peer';

/** What the relay's server is made of. */
export interface ServerParts {
  Fastify: typeof Fastify;
  LogController: typeof LogController;
  multipart: typeof multipart;
  cors: typeof cors;
}

const PACKAGES = 'fastify @fastify/multipart @fastify/cors';

/**
 * Loads the optional peers of a relay when one is made: the client of the platform's server does without them.
 *
 * @throws Error that says how to install them
 */
export async function loadServer(): Promise<ServerParts> {
  const load = <T>(name: string, from: () => Promise<T>): Promise<T> => loadPeer(name, from, PACKAGES);
  const { default: Fastify, LogController } = await load('fastify', () => import('fastify'));
  const { default: multipart } = await load('@fastify/multipart', () => import('@fastify/multipart'));
  const { default: cors } = await load('@fastify/cors', () => import('@fastify/cors'));
  return { Fastify, LogController, multipart, cors };
}
