/** Resolves after everything that is ready now (promise jobs, next ticks) has run. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

export interface Watch<T> {
  settled: boolean;
  /** @throws what the promise rejected with */
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
