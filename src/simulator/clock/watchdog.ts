/** Real ms after which a clock that nobody moves is reported. */
const MAX_SILENCE_MS = 3000;

export interface Watchdog {
  /** Something waits for host time from now on. */
  arm(): void;
  /** Host time moves as long as this runs. */
  while<T>(move: () => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Says what to do where a test awaits a promise that only host time can settle and nothing moves it: the test would hang
 * until its runner gives up, without a word.
 *
 * @param waiting - names what waits for host time, undefined where nothing does
 */
export function createWatchdog(waiting: () => string | undefined): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let moving = 0;
  let isOver = false;

  function check(): void {
    timer = undefined;
    const what = waiting();
    if (what === undefined || moving > 0 || isOver) return;
    isOver = true;
    // eslint-disable-next-line no-console -- nobody could catch an error that is thrown here
    console.warn(
      `miniprogram-servicemarket: virtual time stands still, and '${what}' waits for it. ` +
        'Await what the page does through the host: `await page.method()`, `await page.tap(…)`, ' +
        '`await host.clock.until(promise)`, or `await host.rest()`. Or create the host with clock: "real".',
    );
  }

  function arm(): void {
    if (timer !== undefined || moving > 0 || isOver) return;
    timer = setTimeout(check, MAX_SILENCE_MS);
    (timer as { unref?: () => void }).unref?.();
  }

  return {
    arm,
    async while(move) {
      moving++;
      clearTimeout(timer);
      timer = undefined;
      try {
        return await move();
      } finally {
        moving--;
        if (waiting() !== undefined) arm();
      }
    },
    close() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
