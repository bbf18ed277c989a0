/** Waits in host time. */
export type Sleep = (ms: number) => Promise<void>;

/** Work that no timer stands for: providers and servers, which may wait for real events of the machine. */
export class HeldWork {
  /** How many are now at work, not counting those that wait for host time. */
  count = 0;

  private readonly freshUntil = new Set<number>();

  constructor(private readonly sleep: Sleep) {}

  /** Whether some of it was begun a moment ago, in real time: it may wait for a file or a connection. */
  isFresh(): boolean {
    const now = performance.now();
    for (const end of this.freshUntil) if (end < now) this.freshUntil.delete(end);
    return this.count > 0 && this.freshUntil.size > 0;
  }

  /** Gives the machine a moment. */
  lookAgain(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 1));
  }

  async run<T>(work: (sleep: Sleep) => Promise<T>): Promise<T> {
    let end = this.begin();
    const sleep = async (ms: number): Promise<void> => {
      this.end(end);
      await this.sleep(ms);
      end = this.begin();
    };
    try {
      return await work(sleep);
    } finally {
      this.end(end);
    }
  }

  private begin(): number {
    this.count++;
    // Never twice the same, so that each end takes away its own.
    const end = performance.now() + PATIENCE_MS + this.count * 1e-3;
    this.freshUntil.add(end);
    return end;
  }

  private end(end: number): void {
    this.count--;
    this.freshUntil.delete(end);
  }
}

/** Real ms that a piece of work may wait for the machine while virtual time stands still for it. */
const PATIENCE_MS = 1000;

/** Resolves after everything that is ready now (promise jobs, next ticks) has run. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

export interface Watch<T> {
  settled: boolean;
  /** @throws the reason of a rejected promise */
  outcome(): T;
}

/** Makes the state of a promise readable without waiting. */
export function watch<T>(promise: PromiseLike<T>): Watch<T> {
  let outcome: () => T = () => {
    throw new Error('Failed to read an outcome: the promise is pending.');
  };
  const state: Watch<T> = { settled: false, outcome: () => outcome() };
  promise.then(
    (value) => {
      outcome = () => value;
      state.settled = true;
    },
    (reason) => {
      outcome = () => {
        throw reason;
      };
      state.settled = true;
    },
  );
  return state;
}
