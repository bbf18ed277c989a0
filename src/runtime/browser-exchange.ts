/** One exchange of the browser's host (browser.ts), with the manners of `wx.request`. */
import { run } from './core/task';

/** Callbacks and the task are those of `wx.request`; a failure is `{errMsg: '<api>:fail <cause>'}`. */
export interface Callbacks {
  success?: (result: any) => void;
  fail?: (error: { errMsg: string }) => void;
  complete?: (outcome: any) => void;
}

export interface BrowserTask {
  /** Ends the exchange; `fail` says `<api>:fail abort`. */
  abort(): void;
}

declare const AbortController: new () => { signal: unknown; abort(): void };

const DEFAULT_TIMEOUT = 60000;

/**
 * Runs one exchange with the host's manners: callbacks once, a time limit, abort.
 *
 * @param start - sends it. @param signal - ends it, where the browser can
 * @param read - makes `data` of the answer's text
 */
export function exchange(
  api: string,
  options: Callbacks & { timeout?: number },
  start: (signal: unknown) => Promise<any>,
  read: (text: string) => unknown,
): BrowserTask {
  const controller = typeof AbortController === 'undefined' ? undefined : new AbortController();
  let isOver = false;
  function end(callback: ((outcome: any) => void) | undefined, outcome: object): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    run(callback, outcome);
    run(options.complete, outcome);
  }
  function stop(cause: string): void {
    end(options.fail, { errMsg: api + ':fail ' + cause });
    if (controller) controller.abort();
  }
  const timer = setTimeout(() => stop('timeout'), options.timeout || DEFAULT_TIMEOUT);
  start(controller && controller.signal)
    .then((answer) =>
      answer.text().then((text: string) => {
        end(options.success, { errMsg: api + ':ok', statusCode: answer.status, data: read(text) });
      }),
    )
    .then(null, (error) =>
      end(options.fail, { errMsg: api + ':fail ' + ((error && error.message) || error) }),
    );
  return { abort: () => stop('abort') };
}
