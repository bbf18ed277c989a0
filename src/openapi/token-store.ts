/** An access token of the platform. */
export interface AccessToken {
  value: string;
  /** Unix ms. */
  expiresAt: number;
}

/** Where access tokens are kept, so that all instances use the same one. */
export interface TokenStore {
  read(appid: string): Promise<AccessToken | undefined>;
  write(appid: string, token: AccessToken): Promise<void>;
  /** Runs `work` while no other instance runs its own for the same appid. */
  exclusive<T>(appid: string, work: () => Promise<T>): Promise<T>;
}

/** Tokens of one process. */
export class MemoryTokenStore implements TokenStore {
  private readonly tokens = new Map<string, AccessToken>();
  private readonly queues = new Map<string, Promise<unknown>>();

  async read(appid: string): Promise<AccessToken | undefined> {
    return this.tokens.get(appid);
  }

  async write(appid: string, token: AccessToken): Promise<void> {
    this.tokens.set(appid, token);
  }

  exclusive<T>(appid: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.queues.get(appid) ?? Promise.resolve()).then(work);
    this.queues.set(
      appid,
      turn.catch(() => {}),
    );
    return turn;
  }
}
