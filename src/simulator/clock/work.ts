/** Waits in host time. */
export type Sleep = (ms: number) => Promise<void>;

/** Work that no timer stands for: providers and servers, which may wait for real events of the machine. */
export class HeldWork {
  /** How many are now at work, not counting those that wait for host time. */
  count = 0;

  constructor(private readonly sleep: Sleep) {}

  async run<T>(work: (sleep: Sleep) => Promise<T>): Promise<T> {
    const sleep = async (ms: number): Promise<void> => {
      this.count--;
      await this.sleep(ms);
      this.count++;
    };
    this.count++;
    try {
      return await work(sleep);
    } finally {
      this.count--;
    }
  }
}

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
