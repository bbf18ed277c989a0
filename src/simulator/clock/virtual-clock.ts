import { TimerQueue } from './timer-queue';
import { MAX_TIMERS } from './types';
import type { Clock } from './types';
import { HeldWork, macrotask, watch } from './work';
import { createWatchdog } from './watchdog';

/** Rounds of the event loop that held work (an in-process server) gets before the next timer fires. */
const ROUNDS_FOR_HELD_WORK = 20;

/** Virtual time starts here (2020-09-13T12:26:40Z), so that dates in records are the same in every run. */
const START_MS = 1600000000000;

/** A clock that moves only by `advance`, `run` and `until`; whatever is ready runs before each timer. */
export function createVirtualClock(): Clock {
  const queue = new TimerQueue();
  let now = START_MS;
  let last: Promise<unknown> = Promise.resolve();

  function sleep(ms: number, what = 'sleep'): Promise<void> {
    return new Promise((resolve) => {
      setTimer(resolve, ms, what);
    });
  }
  const held = new HeldWork(sleep);
  const watchdog = createWatchdog(() => queue.pending().find(({ user }) => !user)?.what);

  function setTimer(fire: () => void, ms: number, what: string, user = false): number {
    if (!user) watchdog.arm();
    return queue.add(now + Math.max(0, ms), fire, what, user);
  }

  /** One mover at a time, or two would race through the same timers. */
  function serialized<T>(move: () => Promise<T>): Promise<T> {
    const turn = last.then(
      () => watchdog.while(move),
      () => watchdog.while(move),
    );
    last = turn.catch(() => undefined);
    return turn;
  }

  async function flush(): Promise<void> {
    await macrotask();
    for (let round = 0; held.count > 0 && round < ROUNDS_FOR_HELD_WORK; round++) await macrotask();
    while (held.isFresh()) await held.lookAgain();
  }

  /** Fires timers up to `target`, until `done`; true when there was nothing left to fire. */
  async function fireUntil(target: number, done: () => boolean): Promise<boolean> {
    for (let fired = 0; ; fired++) {
      await flush();
      if (done()) return false;
      const timer = queue.takeDue(target);
      if (!timer) return true;
      if (fired === MAX_TIMERS) {
        throw new Error(
          `Failed to run the clock: ${MAX_TIMERS} timers fired and '${timer.what}' is next. Stop the interval.`,
        );
      }
      now = Math.max(now, timer.at);
      timer.fire();
    }
  }

  return {
    virtual: true,
    now: () => now,
    setTimer,
    clearTimer: (id) => queue.remove(id),
    sleep,
    hold: (work) => held.run(work),
    suspendUser: () => queue.suspendUser(),
    resumeUser: () => queue.resumeUser(),
    advance: (ms) =>
      serialized(async () => {
        const target = now + ms;
        await fireUntil(target, () => false);
        now = target;
      }),
    run: (limitMs = Infinity) =>
      serialized(async () => {
        await fireUntil(now + limitMs, () => false);
      }),
    until: (promise, limitMs = Infinity) =>
      serialized(async () => {
        const state = watch(promise);
        const idle = await fireUntil(now + limitMs, () => state.settled);
        if (idle && !state.settled) {
          throw new Error(`Failed to wait for a promise: it is pending and ${whyPending(queue, limitMs)}.`);
        }
        return state.outcome();
      }),
    rest: (limitMs) =>
      serialized(async () => {
        const isResting = (): boolean => held.count === 0 && !queue.firstAtWork();
        await fireUntil(now + limitMs, isResting);
        return isResting() ? undefined : (queue.firstAtWork()?.what ?? 'a server');
      }),
    pending: () => queue.pending(),
    close() {
      queue.clear();
      watchdog.close();
    },
  };
}

function whyPending(queue: TimerQueue, limitMs: number): string {
  if (queue.pending().length > 0) return `${limitMs} ms have passed`;
  return 'no timer is left: nothing that the host does can settle it. Look for a callback that is never called, and at what host.fault() loses';
}
