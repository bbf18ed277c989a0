/** What a promise came to, in values that a test can compare. */
import type { Any, Host } from '../../src/simulator';

export type { Any };

/** Filled when the promise settles: `ok` with its value, or `error` with its reason. */
export interface Outcome {
  ok?: Any;
  error?: Any;
}

/** Waits for a promise, which may reject. */
async function outcomeOf(promise: PromiseLike<unknown>): Promise<Outcome> {
  return promise.then(
    (ok) => ({ ok }),
    (error: unknown) => ({ error }),
  );
}

/**
 * Runs page code that returns a promise, lets time pass until it settles, and returns its outcome as plain values.
 * The code has `sm`, which is `wx.serviceMarket`, and its `CDN`.
 */
export async function outcomeOnHost(
  host: Host,
  code: string,
  args: Record<string, unknown> = {},
): Promise<Outcome> {
  const sm: Any = host.wx.serviceMarket;
  const promise = host.run(code, { sm, CDN: sm && sm.CDN, ...args }) as Promise<unknown>;
  const { ok, error } = await host.clock.until(outcomeOf(promise));
  if (!error) return { ok: plain(ok) };
  return { error: { name: error.name, message: error.message, ...plain({ ...error, cause: undefined }) } };
}

/** A copy as JSON has it: without what the page's realm or a class adds. */
export function plain(value: Any): Any {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** Checks that an error has what every error of the package carries, and is an Error of the realm whose code made the call. */
export function expectWellFormed(host: Pick<Host, 'run'>, error: Any): void {
  expect({ error, isError: host.run('return error instanceof Error', { error }) }).toMatchObject({
    isError: true,
  });
  expect(error).toMatchObject({
    message: error.errMsg,
    errCode: expect.any(Number),
    billing: expect.stringMatching(/^(none|unknown)$/),
    callId: expect.stringMatching(/./),
    clientMsgId: expect.stringMatching(/./),
  });
}
