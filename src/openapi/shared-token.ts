import { OpenApiError } from './open-api-error';
import type { AccessToken, TokenStore } from './token-store';

/** Gives one access token. */
export interface TokenHolder {
  /**
   * @returns a token that should work
   * @throws OpenApiError with billing `none`
   */
  get(): Promise<AccessToken>;
  /**
   * @param refused - the token that does not work any more; when another caller has replaced it already, that one is
   *   returned
   * @param mayForce - false: the refused one is returned where the platform has no other
   */
  renew(refused: string | undefined, mayForce?: boolean): Promise<AccessToken>;
  /**
   * Calls `listener` for each token that is fetched.
   *
   * @returns what ends that
   */
  onFetch?(listener: () => void): () => void;
}

/** Where a token comes from. */
export interface TokenSource {
  /** The call that fetches it, as errors name it. */
  call: string;
  /** What it is kept under. */
  key: string;
  /**
   * Asks the platform for it, while no other instance does.
   *
   * @param refused - a token that was refused before its end: another has to be made
   * @throws OpenApiError with billing `none`
   */
  fetch(refused: string | undefined): Promise<AccessToken>;
}

/** A token that is fetched by one caller at a time, and shared through a store. */
export class SharedToken implements TokenHolder {
  private readonly source: TokenSource;
  private readonly store: TokenStore;
  private readonly now: () => number;
  private fetching: Promise<AccessToken> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(source: TokenSource, store: TokenStore, now: () => number) {
    this.source = source;
    this.store = store;
    this.now = now;
  }

  async get(): Promise<AccessToken> {
    const token = await this.store.read(this.source.key).catch((cause) => this.fail(cause));
    return token && token.expiresAt > this.now() ? token : this.renew(token?.value);
  }

  async renew(refused: string | undefined, mayForce = true): Promise<AccessToken> {
    this.fetching ??= this.replace(refused, mayForce)
      .catch((cause) => this.fail(cause))
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }

  onFetch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private replace(refused: string | undefined, mayForce: boolean): Promise<AccessToken> {
    const { key } = this.source;
    return this.store.exclusive(key, async () => {
      const current = await this.store.read(key);
      const isExpired = current !== undefined && current.expiresAt <= this.now();
      if (current && current.value !== refused && !isExpired) return current;
      const token = await this.source.fetch(mayForce && !isExpired ? refused : undefined);
      for (const listener of this.listeners) listener();
      await this.store.write(key, token);
      return token;
    });
  }

  /** Without a token nothing was sent, whatever the store's failure. */
  private fail(cause: unknown): never {
    if (cause instanceof OpenApiError) throw cause;
    throw new OpenApiError(this.source.call, 'the token store failed.', { billing: 'none', cause });
  }
}
