import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { RelayError } from '../../../invocation';
import type { Settings } from '../../options';
import type { ClientAddresses } from '../client-address';

type Bounds = Pick<Settings, 'maxConnectionsPerAddress' | 'maxPendingPerAddress'>;

/** Bounds what one address may have open and under way, and answers the requests of a connection one by one. */
export function limitConnections(app: FastifyInstance, bounds: Bounds, clients: ClientAddresses): void {
  const connections = new Tally(bounds.maxConnectionsPerAddress);
  app.server.on('connection', (socket: Socket) => {
    const network = clients.networkOfPeer(socket.remoteAddress ?? '');
    if (network === undefined) return;
    if (connections.add(network)) socket.once('close', () => connections.remove(network));
    else socket.destroy();
  });

  const pending = new Tally(bounds.maxPendingPerAddress);
  app.addHook('onRequest', async (request, reply) => {
    const network = clients.networkOf(request);
    if (!pending.add(network)) {
      const text = `Failed to accept the request: more than ${bounds.maxPendingPerAddress} of this address are under way. Try again when some are answered.`;
      throw new RelayError(429, text, { retryAfter: 1, billing: 'none' });
    }
    let isCounted = true;
    const release = (): void => {
      if (isCounted) pending.remove(network);
      isCounted = false;
    };
    reply.raw.once('close', release);
    // The answer to a request that waits for its turn has no connection yet, and so no "close".
    closeOf(request.raw.socket).then(release, release);
  });

  const last = new WeakMap<Socket, Promise<void>>();
  app.addHook('onRequest', async ({ raw: { socket } }, reply) => {
    const previous = last.get(socket);
    last.set(socket, new Promise((resolve) => reply.raw.once('close', resolve)));
    if (!previous) return;
    // Node reads all requests that a client sends at once; each would hold a file, a body or a connection to a store.
    await Promise.race([previous, closeOf(socket)]);
    if (socket.destroyed) throw new RelayError(400, 'Failed to answer: the connection has ended.');
  });
}

/** A count for each key, up to a maximum. */
class Tally {
  readonly #counts = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** @returns false when there are too many already */
  add(key: string): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.max) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  remove(key: string): void {
    const count = (this.#counts.get(key) as number) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}

const closes = new WeakMap<Socket, Promise<void>>();

/** One promise and one listener for all requests of a connection. */
function closeOf(socket: Socket): Promise<void> {
  let close = closes.get(socket);
  if (!close) {
    close = new Promise((resolve) => {
      if (socket.destroyed) resolve();
      else socket.once('close', () => resolve());
    });
    closes.set(socket, close);
  }
  return close;
}
