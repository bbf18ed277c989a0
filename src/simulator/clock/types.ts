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
  /** Timers of page code stop firing until `resumeUser`, which fires the ones that came due. */
  suspendUser(): void;
  resumeUser(): void;
  close(): void;
}

/** Timers that one `run` may fire; more means that page code never comes to rest. */
export const MAX_TIMERS = 100000;
