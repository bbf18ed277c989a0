/** Tells instances that there is something new about a long task. */
export interface Signals {
  /** @param id - of what has changed; a digest */
  send(id: string): Promise<void>;
  /**
   * Calls `listener` for each signal of any instance, from now on.
   *
   * @param listener - without an id: signals may have been lost, so anything may have changed
   */
  listen(listener: (id?: string) => void): Promise<void>;
  close(): Promise<void>;
}

/** Signals within one process. */
export class LocalSignals implements Signals {
  readonly #listeners: ((id?: string) => void)[] = [];

  async send(id: string): Promise<void> {
    for (const listener of this.#listeners) listener(id);
  }

  async listen(listener: (id?: string) => void): Promise<void> {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#listeners.length = 0;
  }
}
