import { addressOf } from './address';
import { createRelay } from './create-relay';
import { type RelayOptions, withoutSlashes } from './options';

/** Where the relay listens. */
export interface ListenOptions {
  /** 0 to 65535; 0 takes a free one. @default 8080 */
  port?: number;
  /** @default '127.0.0.1' */
  host?: string;
  /** Milliseconds that `close()` waits for requests under way before it cuts them off. @default 10000 */
  grace?: number;
}

export interface RunningRelay {
  /** `publicUrl`, or the address that it listens on. */
  url: string;
  /** Where it listens, seen from this machine. */
  address: string;
  /** Takes no more requests, lets those under way finish within `grace`, ends the stores. */
  close(): Promise<void>;
}

/**
 * Starts a relay.
 *
 * @throws TypeError for a wrong option; the system's error when it cannot listen
 * @example
 * const relay = await startRelay({ authenticate: () => 'everyone', port: 0, logger: false });
 * await fetch(`${relay.url}/healthz`);
 * await relay.close();
 */
export async function startRelay(options: RelayOptions & ListenOptions): Promise<RunningRelay> {
  const { port = 8080, host = '127.0.0.1', grace = 10_000, ...relayOptions } = options;
  const app = await createRelay(relayOptions);
  try {
    await app.listen({ port, host });
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = addressOf(app);
  return {
    url: relayOptions.publicUrl === undefined ? address : withoutSlashes(relayOptions.publicUrl),
    address,
    async close() {
      const cutOff = setTimeout(() => app.server.closeAllConnections(), grace);
      try {
        await app.close();
      } finally {
        clearTimeout(cutOff);
      }
    },
  };
}
