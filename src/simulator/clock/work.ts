/** Waits in host time. */
export type Sleep = (ms: number) => Promise<void>;

/** The machine's own, whatever a test does to the globals later. */
const { setImmediate, setTimeout } = globalThis;

/** Work that no timer stands for: providers and servers, which may wait for real events of the machine. */
export class HeldWork {
  /** How many are now at work, not counting those that wait for host time. */
  count = 0;

  /** How many wait for host time. What else is at work may wait for one of them, as a server does for a service. */
  private sleeping = 0;

  /** By piece: until when, in the machine's time, it counts as begun a moment ago. */
  private readonly freshUntil = new Map<symbol, number>();

  constructor(private readonly sleep: Sleep) {}

  /** Whether some of it was begun a moment ago, in real time, and may wait for a file or a connection. */
  isFresh(): boolean {
    const now = performance.now();
    for (const [piece, end] of this.freshUntil) if (end < now) this.freshUntil.delete(piece);
    return this.sleeping === 0 && this.freshUntil.size > 0;
  }

  /** Gives the machine a moment. */
  lookAgain(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 1));
  }

  async run<T>(work: (sleep: Sleep) => Promise<T>): Promise<T> {
    let piece = this.begin();
    const sleep = async (ms: number): Promise<void> => {
      this.end(piece);
      this.sleeping++;
      await this.sleep(ms);
      this.sleeping--;
      piece = this.begin();
    };
    try {
      return await work(sleep);
    } finally {
      this.end(piece);
    }
  }

  private begin(): symbol {
    this.count++;
    const piece = Symbol('work');
    this.freshUntil.set(piece, performance.now() + PATIENCE_MS);
    return piece;
  }

  private end(piece: symbol): void {
    this.count--;
    this.freshUntil.delete(piece);
  }
}

/** Real ms that a piece of work may wait for the machine while virtual time stands still for it. */
const PATIENCE_MS = 1000;

/** Resolves after everything that is ready now (promise jobs, next ticks) has run. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else if (typeof MessageChannel === 'function') afterMessage(resolve);
    else setTimeout(resolve, 0);
  });
}

const waiting: (() => void)[] = [];
let post: (() => void) | undefined;

/** Calls back in a task of its own. A browser lets timers that set each other wait 4 ms, and a clock has many thousands. */
function afterMessage(callback: () => void): void {
  post ??= openChannel(() => waiting.shift()?.());
  waiting.push(callback);
  post();
}

/** @returns has `onmessage` called, later */
function openChannel(onmessage: () => void): () => void {
  const { port1, port2 } = new MessageChannel();
  // The types of Node, with which the simulator is compiled, do not know the property.
  Object.assign(port1, { onmessage });
  return () => port2.postMessage(undefined);
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
