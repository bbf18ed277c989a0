import { isInterval, MAX_TIMERS } from './types';
import type { Clock, Timer } from './types';
import { HeldWork, watch } from './work';

/** ms between two looks at whether everything has come to rest. */
const LOOK_AGAIN_MS = 5;

interface RealTimer extends Timer {
  handle?: ReturnType<typeof setTimeout>;
}

/** The machine's own time behind the same interface; `run` and `until` wait instead of moving anything. */
export function createRealClock(): Clock {
  const timers = new Map<number, RealTimer>();
  let nextId = 1;
  let fired = 0;
  let userAsleep = false;

  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  function start(timer: RealTimer): void {
    timer.handle = setTimeout(
      () => {
        timer.handle = undefined;
        if (timer.user && userAsleep) return;
        timers.delete(timer.id);
        fired++;
        timer.fire();
      },
      Math.max(0, timer.at - Date.now()),
    );
  }

  function setTimer(fire: () => void, ms: number, what: string, user = false): number {
    const timer: RealTimer = { id: nextId++, at: Date.now() + Math.max(0, ms), what, user, fire };
    timers.set(timer.id, timer);
    start(timer);
    return timer.id;
  }

  function clearTimer(id: number): void {
    clearTimeout(timers.get(id)?.handle);
    timers.delete(id);
  }

  function sleep(ms: number, what = 'sleep'): Promise<void> {
    return new Promise((resolve) => {
      setTimer(resolve, ms, what);
    });
  }
  const held = new HeldWork(sleep);

  async function waitUntil(done: () => boolean, limitMs: number): Promise<boolean> {
    const end = Date.now() + limitMs;
    const before = fired;
    while (!done()) {
      if (fired - before > MAX_TIMERS)
        throw new Error(`Failed to run the clock: ${MAX_TIMERS} timers fired.`);
      if (Date.now() >= end) return false;
      await wait(LOOK_AGAIN_MS);
    }
    return true;
  }

  return {
    virtual: false,
    now: () => Date.now(),
    setTimer,
    clearTimer,
    sleep,
    hold: (work) => held.run(work),
    suspendUser() {
      userAsleep = true;
    },
    resumeUser() {
      userAsleep = false;
      for (const timer of timers.values()) if (timer.user && !timer.handle) start(timer);
    },
    advance: wait,
    async run(limitMs = Infinity) {
      await waitUntil(() => timers.size === 0 && held.count === 0, limitMs);
    },
    async until(promise, limitMs = Infinity) {
      const state = watch(promise);
      const settled = await waitUntil(() => state.settled, limitMs);
      if (!settled)
        throw new Error(`Failed to wait for a promise: it is pending and ${limitMs} ms have passed.`);
      return state.outcome();
    },
    async rest(limitMs) {
      const atWork = (): Timer | undefined =>
        [...timers.values()].find((timer) => !isInterval(timer) && !(timer.user && userAsleep));
      await waitUntil(() => held.count === 0 && !atWork(), limitMs);
      return atWork()?.what ?? (held.count > 0 ? 'a server' : undefined);
    },
    pending: () => [...timers.values()].sort((a, b) => a.at - b.at),
    close() {
      for (const id of [...timers.keys()]) clearTimer(id);
    },
  };
}
