import type { HostClock } from '../types';
import type { Sleep } from './work';

export interface Timer {
  id: number;
  at: number;
  what: string;
  /** Belongs to page code, so it sleeps while the app is in the background. */
  user: boolean;
  fire: () => void;
}

/** The clock as the parts of a host use it. */
export interface Clock extends HostClock {
  readonly virtual: boolean;
  setTimer(fire: () => void, ms: number, what: string, user?: boolean): number;
  clearTimer(id: number): void;
  sleep(ms: number, what?: string): Promise<void>;
  /** Runs work that no timer stands for, such as an in-process server; time waits for it, within reason. */
  hold<T>(work: (sleep: Sleep) => Promise<T>): Promise<T>;
  /**
   * Lets time pass until only intervals of page code are left, or until `limitMs` have passed.
   *
   * @returns what is still waiting, undefined where nothing is
   */
  rest(limitMs: number): Promise<string | undefined>;
  /** Timers of page code stop firing until `resumeUser`, which fires the ones that came due. */
  suspendUser(): void;
  resumeUser(): void;
  close(): void;
}

/** Whether a host with this timer alone is at rest: an interval of page code goes on as long as the page. */
export const isInterval = ({ user, what }: Timer): boolean => user && what === INTERVAL;

export const INTERVAL = 'setInterval';

/** Timers that one `run` may fire; more means that page code never comes to rest. */
export const MAX_TIMERS = 100000;
