/** Hosts that a test makes by hand, for what no row of the simulator does, over jest's timers. */
import fs from 'node:fs';
import vm from 'node:vm';
import { BUNDLE, IMPORTED } from '../../support/built';
import type { Any } from '../../support/outcomes';

beforeEach(() => jest.useFakeTimers());

/** A `wx` with nothing but what every host has, and `members`. */
export const wxWith = (members: object = {}): Any => ({
  getSystemInfoSync: () => ({ SDKVersion: '2.8.3' }),
  ...members,
});

/** Answers of a service market that speaks version 2, to `operateWXData`. */
export const answered = (data: unknown, more: object = {}): Any => ({
  errMsg: 'operateWXData:ok',
  rawData: JSON.stringify({ scene: 4, errcode: 0, request_id: 'R', data: JSON.stringify(data), ...more }),
});

/** Runs a built file where `wx`, and what `globals` name, are global; gives what it exports. */
function run(text: string, wx: Any, globals: object = {}): Any {
  const context = vm.createContext({
    wx, setTimeout, clearTimeout, Date, Promise, Error, TypeError, console, exports: {}, ...globals,
  }); // prettier-ignore
  vm.runInContext(text, context);
  return context.exports;
}
export const imported = (wx: Any, globals?: object): Any =>
  run(fs.readFileSync(IMPORTED, 'utf8'), wx, globals);
/** @param config - what the injector writes into the file */
export const injected = (wx: Any, config = {}): Any =>
  run(fs.readFileSync(BUNDLE, 'utf8').replace(/\{\}\);\s*$/, `${JSON.stringify(config)});`), wx);

/** What became of a promise: filled as it ends. */
export function watch(promise: PromiseLike<unknown>): { ok?: Any; error?: Any } {
  const seen: { ok?: Any; error?: Any } = {};
  promise.then(
    (ok) => Object.assign(seen, { ok }),
    (error: unknown) => Object.assign(seen, { error }),
  );
  return seen;
}

export const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

/** Calls, lets time pass, and gives what came of it. */
export async function ended(promise: PromiseLike<unknown>, ms = 100000): Promise<{ ok?: Any; error?: Any }> {
  const seen = watch(promise);
  await pass(ms);
  return seen;
}
