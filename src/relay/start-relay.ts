import { addressOf } from './address';
import { createRelay, END_SESSIONS } from './create-relay';
import { type ManyAppsOptions, type RelayOptions, withoutSlashes } from './options';
import { errorText } from '../texts';

/** Where the relay listens. */
export interface ListenOptions {
  /** 0 to 65535; 0 chooses a free one. @default 8080 */
  port?: number;
  /** @default '127.0.0.1' */
  host?: string;
  /**
   * Milliseconds that `close()` waits for requests under way before it cuts them off: a call that is cut off has been
   * paid for. @default 65000, a little more than an answer of the platform may take
   */
  grace?: number;
}

export interface RunningRelay {
  /** `publicUrl`, or the address that it listens on. */
  url: string;
  /** Where it listens, seen from this machine. */
  address: string;
  /**
   * Ends all sessions of a user, of every instance that shares them.
   *
   * @param userId - as `authenticate` returns it; with `authenticateByType` it begins with the type, as in `wx:openid`
   * @param appid - whose user it is, where the relay has several apps
   * @throws TypeError where it has no such app
   */
  endSessions(userId: string, appid?: string): Promise<void>;
  /** Takes no more requests, lets those under way finish within `grace`, ends the stores. */
  close(): Promise<void>;
}

const DEFAULT_GRACE_MS = 65_000;
/** What `host` is where a relay listens on every address. */
const EVERY_ADDRESS = ['0.0.0.0', '::'];

/**
 * Starts a relay.
 *
 * @throws TypeError for a wrong option; the system's error when it cannot listen
 * @example
 * const relay = await startRelay({ authenticate: () => 'everyone', port: 0, logger: false });
 * await fetch(`${relay.url}/healthz`);
 * await relay.close();
 */
export async function startRelay(
  options: (RelayOptions | ManyAppsOptions) & ListenOptions,
): Promise<RunningRelay> {
  const { port = 8080, host = '127.0.0.1', grace = DEFAULT_GRACE_MS, ...relayOptions } = options;
  if (EVERY_ADDRESS.includes(host) && relayOptions.publicUrl === undefined) {
    throw new TypeError(errorText('relayWithoutUrl', { host }));
  }
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
    endSessions: app.getDecorator<RunningRelay['endSessions']>(END_SESSIONS),
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
