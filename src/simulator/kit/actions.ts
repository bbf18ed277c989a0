import type { Env } from '../host/env';
import type { Any } from '../types';
import { fromRealm } from './from-realm';

/** ms of host time after which page code that never comes to rest is reported. */
const MAX_REST_MS = 10 * 60 * 1000;

/** What a test does to the app: time passes for it by itself, and an error of page code fails it. */
export class Actions {
  constructor(
    private readonly env: Env,
    private readonly unhandled: unknown[],
  ) {}

  /**
   * Does something and lets time pass until all that it started is over.
   *
   * @param what - names it in errors, as `tap #choose`
   * @throws whatever page code threw or left rejected meanwhile; Error where it never comes to rest
   */
  async perform<T>(what: string, start: () => T): Promise<Awaited<T>> {
    const { clock, options } = this.env;
    const failures = this.failures();
    const outcome = this.begin(start) as Any;
    const result = (isThenable(outcome) ? await this.settled(outcome) : outcome) as Awaited<T>;
    const waiting = await clock.rest(options.settleMs ?? MAX_REST_MS);
    this.throwNew(failures);
    if (waiting !== undefined && options.settleMs === undefined) {
      throw new Error(
        `Failed to ${what}: after ${MAX_REST_MS / 60000} minutes of host time '${waiting}' still waits. ` +
          'Where that is what the page does, say how long to wait: createHost({ settleMs: 1000 }).',
      );
    }
    return result;
  }

  /** What a promise of page code comes to, as values of this side. Time passes while it is awaited, not before. */
  driven(promise: PromiseLike<unknown>): Promise<unknown> {
    let outcome: Promise<unknown> | undefined;
    const start = (): Promise<unknown> => (outcome ??= this.outcomeOf(promise));
    // It is looked at later: nobody has to handle it before.
    void Promise.resolve(promise).catch(() => {});
    return {
      then: (...handlers) => start().then(...handlers),
      catch: (handler) => start().catch(handler),
      finally: (handler) => start().finally(handler),
      [Symbol.toStringTag]: 'Promise',
    };
  }

  private begin<T>(start: () => T): T {
    try {
      return start();
    } catch (error) {
      throw fromRealm(this.env.realm, error);
    }
  }

  private async outcomeOf(promise: PromiseLike<unknown>): Promise<unknown> {
    const failures = this.failures();
    const result = await this.settled(promise);
    this.throwNew(failures);
    return result;
  }

  private async settled(promise: PromiseLike<unknown>): Promise<unknown> {
    const { clock, realm } = this.env;
    try {
      return fromRealm(realm, await clock.until(promise)) as unknown;
    } catch (error) {
      throw fromRealm(realm, error);
    }
  }

  private failures(): { errors: number; unhandled: number } {
    return { errors: this.env.errors.length, unhandled: this.unhandled.length };
  }

  private throwNew(before: { errors: number; unhandled: number }): void {
    const fresh = [...this.env.errors.slice(before.errors), ...this.unhandled.slice(before.unhandled)];
    if (fresh.length > 0) throw fromRealm(this.env.realm, fresh[0]);
  }
}

export const isThenable = (value: Any): value is PromiseLike<unknown> => typeof value?.then === 'function';
