import type { FastifyInstance, FastifyRequest } from 'fastify';
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
    const { socket } = request.raw;
    requireOpen(socket);
    const network = clients.networkOf(request);
    if (!pending.add(network)) {
      const text = `Failed to accept the request: more than ${bounds.maxPendingPerAddress} of this address are under way. Try again when some are answered.`;
      throw new RelayError(429, text, { retryAfter: 1, billing: 'none' });
    }
    const line = lineOf(socket);
    const release = (): void => {
      if (line.releases.delete(release)) pending.remove(network);
    };
    line.releases.add(release);
    releases.set(request, release);
    reply.raw.once('close', () => {
      release();
      line.goOn();
    });
    // Node reads all requests that a client sends at once; each would hold a file, a body or a connection to a store.
    await line.turn();
    requireOpen(socket);
  });
}

const releases = new WeakMap<FastifyRequest, () => void>();

/** Counts a request no more among those of its address that are under way: others bound how many wait for a result. */
export function stopCounting(request: FastifyRequest): void {
  releases.get(request)?.();
}

/** Nobody would get the answer, and a connection that has ended emits nothing again. */
function requireOpen(socket: Socket): void {
  if (socket.destroyed) throw new RelayError(400, 'Failed to answer: the connection has ended.');
}

/** The requests of one connection, of which one is answered at a time. */
class Line {
  /** Of each request that is not answered yet: one that waits has no "close" of its own. */
  readonly releases = new Set<() => void>();
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  constructor(socket: Socket) {
    socket.once('close', () => {
      for (const release of [...this.releases]) release();
      for (const start of this.#waiting.splice(0)) start();
    });
  }

  /** Resolves when all requests before this one are answered, or the connection has ended. */
  turn(): Promise<void> | undefined {
    if (this.#isBusy) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#isBusy = true;
    return undefined;
  }

  /** The request whose turn it was is answered. */
  goOn(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isBusy = false;
  }
}

const lines = new WeakMap<Socket, Line>();

function lineOf(socket: Socket): Line {
  const line = lines.get(socket) ?? new Line(socket);
  lines.set(socket, line);
  return line;
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
