import { INTERVAL } from '../clock/types';
import type { Env } from '../host/env';
import { toRealmTable } from '../realm/realm';
import { callUser } from './callbacks';

/** Page code's own timers, on the host's clock. They sleep while the app is in the background. */
export function timerGlobals(env: Env): Record<string, unknown> {
  const { clock } = env;
  const intervals = new Map<number, number>();
  let nextInterval = -1;
  const delay = (ms: unknown): number => Math.max(0, Number(ms) || 0);

  function setInterval(callback: unknown, ms: unknown, ...args: unknown[]): number {
    const id = nextInterval--;
    const again = (): void => {
      intervals.set(
        id,
        clock.setTimer(
          () => {
            again();
            callUser(env, callback, ...args);
          },
          // An interval without a pause would never let time pass.
          Math.max(1, delay(ms)),
          INTERVAL,
          true,
        ),
      );
    };
    again();
    return id;
  }

  function clear(id: unknown): void {
    const timer = intervals.get(id as number) ?? (id as number);
    intervals.delete(id as number);
    clock.clearTimer(timer);
  }

  return toRealmTable(env.realm, {
    setTimeout: (callback: unknown, ms: unknown, ...args: unknown[]) =>
      clock.setTimer(() => callUser(env, callback, ...args), delay(ms), 'setTimeout', true),
    clearTimeout: clear,
    setInterval,
    clearInterval: clear,
  }) as Record<string, unknown>;
}

/** Makes `Date` of the realm read the host's clock. */
export function followClock(env: Env): void {
  if (!env.clock.virtual) return;
  const install = env.realm.script(
    `(function (now, construct) {
      var Real = Date;
      function Date_() {
        if (!new.target) return new Real(now()).toString();
        return construct(Real, arguments.length ? arguments : [now()], new.target);
      }
      Object.getOwnPropertyNames(Real).forEach(function (name) {
        Object.defineProperty(Date_, name, Object.getOwnPropertyDescriptor(Real, name));
      });
      Date_.now = function now_() { return now(); };
      Real.prototype.constructor = Date_;
      Date = Date_;
    })`,
    'clock',
  ) as (now: () => number, construct: typeof Reflect.construct) => void;
  // Timers may wait for parts of a millisecond; a date has none.
  install(() => Math.floor(env.clock.now()), Reflect.construct);
}
