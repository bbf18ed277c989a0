import type { Any } from '../types';

export interface CloudServerOptions {
  /** Collections that exist. @default none */
  collections?: string[];
  /** `permissions.openapi` of the function's config.json. @default ['serviceMarket.invokeService'] */
  permissions?: string[];
}

/** What a cloud function's `wx-server-sdk` talks to, on loopback. */
export interface CloudServer {
  origin: string;
  /**
   * The environment variables of a running function: with them the SDK finds this server and knows the user.
   *
   * @param openid - who called
   * @param env - the cloud environment. @default the host's first
   */
  variables(openid: string, env?: string): Record<string, string>;
  /** Requests so far: each action with its parameters. */
  requests: { at: number; action: string; params: Any; code?: string }[];
  /** The documents of a collection. @throws Error when there is no such collection */
  documents(collection: string): Any[];
  close(): Promise<void>;
}

/** An answer of the cloud that is an error; the SDK turns the code into its number. */
export class CloudError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
